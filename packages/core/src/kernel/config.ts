/** A kernel configuration: the field's keys (`HW CIN COUT KERNEL_SIZE STRIDES`) with integer values. JSON-safe, never mutated. */
export type KernelConfig = Readonly<Record<string, number>>;

/** What one key may be: integers in `[min, max]`, optionally only certain `values` or multiples. */
export interface ConfigRange {
  readonly min: number;
  readonly max: number;
  readonly multipleOf?: number;
  /** The values that samplers choose from, or one of these doubled for a larger image; other integers of the range are still accepted. */
  readonly values?: readonly number[];
  readonly description?: string;
}

/** The range of every key of a configuration, in the order in which keys are shown and stored. */
export type ConfigSpace<C extends KernelConfig> = { readonly [K in keyof C]: ConfigRange };

/** One canonical text per configuration, equal for equal configurations whatever the order of their keys. */
export function configKey(config: KernelConfig): string {
  return Object.keys(config)
    .sort()
    .map((key) => `${key}=${config[key]}`)
    .join(',');
}
