import { describe, expect, it } from 'vitest';
import { inputNoise } from './noise.ts';

describe('inputNoise', () => {
  it.each([1, 5, 16_384, 50_001])('fills %i elements with ordinary numbers in ±1', (length) => {
    const noise = inputNoise(length);
    expect(noise.length).toBe(length);
    expect(noise.every((value) => Math.abs(value) <= 1 && Math.abs(value) > 1e-8)).toBe(true);
    expect(inputNoise(length)).toEqual(noise);
  });

  it('is spread evenly', () => {
    const noise = inputNoise(16_384);
    const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
    const power = noise.reduce((sum, value) => sum + value * value, 0) / noise.length;
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(power).toBeCloseTo(1 / 3, 1);
  });
});
