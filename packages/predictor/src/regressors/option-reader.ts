import { InvalidArgumentError, suggestNearest } from '@nnm/core';

type Raw = Readonly<Record<string, unknown>>;

/** Reads a regressor's options one by one and names what is wrong in the owner's words. */
export class OptionReader {
  private readonly read: string[] = [];

  /** @param owner - the regressor's id, shown in errors */
  constructor(
    private readonly owner: string,
    private readonly raw: Raw,
  ) {}

  /** An integer of at least `min`. */
  integer(name: string, fallback: number, min: number): number {
    return this.value(
      name,
      fallback,
      `an integer >= ${min}`,
      (value): value is number => Number.isInteger(value) && (value as number) >= min,
    );
  }

  /** An integer of at least `min`, or null for "no limit", which reads as Infinity. */
  limit(name: string, fallback: number | null, min: number): number | null {
    return this.value(
      name,
      fallback,
      `an integer >= ${min}, or null`,
      (value): value is number | null => value === null || (Number.isInteger(value) && (value as number) >= min),
    );
  }

  /** A number in (min, max]. */
  number(name: string, fallback: number, min: number, max: number): number {
    return this.value(
      name,
      fallback,
      `a number above ${min} and at most ${max}`,
      (value): value is number => typeof value === 'number' && value > min && value <= max,
    );
  }

  /** A count of at least `min`, or a share of a total in (0, 1). */
  countOrShare(name: string, fallback: number, min: number): number {
    return this.value(
      name,
      fallback,
      `an integer >= ${min}, or a share between 0 and 1`,
      (value): value is number => typeof value === 'number' && ((value > 0 && value < 1) || (Number.isInteger(value) && value >= min)),
    );
  }

  /** True or false. */
  boolean(name: string, fallback: boolean): boolean {
    return this.value(name, fallback, 'true or false', (value): value is boolean => typeof value === 'boolean');
  }

  /** Any value that `accepts` takes. */
  value<T>(name: string, fallback: T, expected: string, accepts: (value: unknown) => value is T): T {
    this.read.push(name);
    const value = this.raw[name];
    if (value === undefined) return fallback;
    if (!accepts(value)) throw new InvalidArgumentError({ name: `${this.owner}.${name}`, expected, got: value });
    return value;
  }

  /** Refuse options that nobody read: a misspelt option must not be ignored. */
  finish(): void {
    for (const name of Object.keys(this.raw)) {
      if (this.read.includes(name)) continue;
      const near = suggestNearest(name, this.read);
      throw new InvalidArgumentError({
        name: `${this.owner}.${name}`,
        expected: `one of the regressor's options (${this.read.join(', ')})`,
        got: this.raw[name],
        ...(near.length > 0 && { hint: `Did you mean ${near.map((option) => `"${option}"`).join(' or ')}?` }),
      });
    }
  }
}
