/** The largest number that nnm says where a file has an infinite one: about that of a float32. */
const LARGEST = 3e38;

/** A value that no op takes longer for, as core takes it: masks are padded with minus infinity. */
export const asFinite = (value: number): number => (Number.isFinite(value) ? value : Math.sign(value) * LARGEST);

/** Limits of a clip; a side that lets everything through is absent. */
export function clipLimits(min: number | undefined, max: number | undefined): { readonly min?: number; readonly max?: number } {
  const isLimit = (value: number | undefined): value is number => value !== undefined && Math.abs(value) < LARGEST;
  return { ...(isLimit(min) && { min }), ...(isLimit(max) && { max }) };
}
