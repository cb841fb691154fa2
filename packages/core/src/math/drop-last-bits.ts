/** 2 to the power of 13, plus 1: multiplying by it and subtracting leaves the upper 40 of a double's 53 bits. */
const SPLITTER = 8193;

/**
 * A number rounded to 40 significant bits: whole numbers up to 2^40 stay what they are, and a difference in a last bit, such as engines have
 * between their `Math.pow`, is gone.
 *
 * Features are computed by plugins with whatever functions they like; rounded like this they are the same on every engine.
 */
export function dropLastBits(value: number): number {
  const scaled = value * SPLITTER;
  // Beyond 1e304 the product overflows; such a feature is an error that others report.
  return Number.isFinite(scaled) ? scaled - (scaled - value) : value;
}
