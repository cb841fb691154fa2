/** Bytes of so many float32 elements. */
export function floatBytes(elements: number): number {
  return 4 * elements;
}
