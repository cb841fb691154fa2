/** What is wrong with a value, one sentence part each: "`target.floorMs` must be a number above 0, got -1". */
export type Problems = readonly string[];

/** Says what is wrong with a value that stands at this path. */
export type Shape = (value: unknown, path: string) => Problems;

/**
 * Shapes of JSON values in a few lines each. zod does this everywhere else in nnm; here it would more than double what a browser loads
 * to predict (43 kB instead of 19 kB).
 */
const mustBe =
  (expected: string, accepts: (value: unknown) => boolean): Shape =>
  (value, path) =>
    accepts(value) ? [] : [value === undefined ? `\`${path}\` is missing` : `\`${path}\` must be ${expected}, got ${shorten(value)}`];

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 37)}…` : text;
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** Any text. */
export const text: Shape = mustBe('a text', (value) => typeof value === 'string');

/** A finite number. */
export const finite: Shape = mustBe('a finite number', isNumber);

/** A finite number of at least 0. */
export const notNegative: Shape = mustBe('a number of at least 0', (value) => isNumber(value) && value >= 0);

/** A finite number above 0. */
export const positive: Shape = mustBe('a number above 0', (value) => isNumber(value) && value > 0);

/** A number from 0 to 1. */
export const share: Shape = mustBe('a number from 0 to 1', (value) => isNumber(value) && value >= 0 && value <= 1);

/** A whole number of at least `min`. */
export const whole = (min: number): Shape =>
  mustBe(`a whole number of at least ${min}`, (value) => Number.isSafeInteger(value) && (value as number) >= min);

/** One of these texts. */
export const oneOf = (...options: readonly string[]): Shape =>
  mustBe(`one of ${options.map((option) => `"${option}"`).join(', ')}`, (value) => (options as readonly unknown[]).includes(value));

/** A list of at least `min` such values. */
export const list =
  (of: Shape, min = 0): Shape =>
  (value, path) => {
    const wrong = mustBe(min > 0 ? `a list of at least ${min}` : 'a list', (found) => Array.isArray(found) && found.length >= min)(
      value,
      path,
    );
    return wrong.length > 0 ? wrong : (value as readonly unknown[]).flatMap((item, index) => of(item, `${path}[${index}]`));
  };

/** An object with these keys; others are left alone. */
export const object =
  (fields: Readonly<Record<string, Shape>>): Shape =>
  (value, path) => {
    const wrong = mustBe('an object', (found) => typeof found === 'object' && found !== null && !Array.isArray(found))(value, path);
    if (wrong.length > 0) return wrong;
    return Object.entries(fields).flatMap(([key, shape]) =>
      shape((value as Record<string, unknown>)[key], path === '' ? key : `${path}.${key}`),
    );
  };

/** Such a value, or none. */
export const optional =
  (shape: Shape): Shape =>
  (value, path) =>
    value === undefined ? [] : shape(value, path);
