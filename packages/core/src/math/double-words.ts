// A view for every call would cost more than the functions built on it; this one holds nothing between calls.
const view = new DataView(new ArrayBuffer(8));

/** Sign, exponent and first 20 fraction bits of a double, as a signed 32-bit integer. */
export function highWord(value: number): number {
  view.setFloat64(0, value);
  return view.getInt32(0);
}

/** The double with these high 32 bits and the low 32 bits of `value`. */
export function withHighWord(value: number, high: number): number {
  view.setFloat64(0, value);
  view.setInt32(0, high);
  return view.getFloat64(0);
}
