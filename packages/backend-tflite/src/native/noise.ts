const BLOCK = 1 << 14;

/**
 * Input data for timing: numbers in ±1 of ordinary size, since zeros, denormals and NaN change how long arithmetic takes.
 * The same on every call.
 *
 * @param length - in elements
 */
export function inputNoise(length: number): Float32Array {
  const data = new Float32Array(length);
  const block = Math.min(BLOCK, length);
  let x = 0x2545f491;
  for (let i = 0; i < block; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    data[i] = ((x >> 8) + 0.5) / 0x80_0000;
  }
  for (let filled = block; filled < length; filled *= 2) data.copyWithin(filled, 0, Math.min(filled, length - filled));
  return data;
}
