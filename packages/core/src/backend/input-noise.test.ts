import { describe, expect, it } from 'vitest';
import { NOISE_PERIOD, writeInputNoise } from './input-noise.ts';

function noise(length: number, positive?: boolean): Float32Array {
  const data = new Float32Array(length);
  writeInputNoise(length, (piece, offset) => data.set(piece, offset), positive);
  return data;
}

describe('writeInputNoise', () => {
  it.each([0, 1, 1000, NOISE_PERIOD, 300_001])('fills %d elements with ordinary numbers in ±1', (length) => {
    expect(noise(length).every((value) => Math.abs(value) < 1 && Math.abs(value) > 1e-8)).toBe(true);
  });

  it('has a mean near 0 and is the same every time, however long the input', () => {
    const data = noise(100_000);
    expect(Math.abs(data.reduce((sum, value) => sum + value, 0) / data.length)).toBeLessThan(0.02);
    expect(noise(50_000)).toEqual(data.subarray(0, 50_000));
  });

  it('does not repeat within what a processor learns the branches of', () => {
    const data = noise(1 << 18);
    for (let shift = 1; shift <= 1 << 17; shift *= 2) {
      let same = 0;
      for (let index = shift; index < data.length; index++) if (data[index]! < 0 === data[index - shift]! < 0) same++;
      expect(same / (data.length - shift), `after ${shift}`).toBeCloseTo(0.5, 1);
    }
  });

  it('has the same numbers without their signs for inputs that must be positive', () => {
    expect(noise(40_000, true)).toEqual(noise(40_000).map(Math.abs));
    expect(noise(40_000).some((value) => value < 0)).toBe(true);
  });
});
