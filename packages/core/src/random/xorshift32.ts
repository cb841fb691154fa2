/** The state after `state` of Marsaglia's xorshift32: the fastest generator that is good enough for values that only have to be spread evenly. */
export function xorshift32(state: number): number {
  const a = state ^ (state << 13);
  const b = a ^ (a >>> 17);
  return b ^ (b << 5);
}
