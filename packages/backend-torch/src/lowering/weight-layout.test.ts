import { describe, expect, it } from 'vitest';
import { reverseAxes, toChannelsFirst, toChannelsLast } from './weight-layout.ts';

const count = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => i);

describe('reverseAxes', () => {
  it('turns [kh * kw, cin, filters] into [filters, cin, kh * kw]', () => {
    // 2 pixels, 1 input channel, 3 filters: rows of pixels become rows of filters.
    expect([...reverseAxes(count(6), 2, 1, 3)]).toEqual([0, 3, 1, 4, 2, 5]);
  });

  it.each([
    [1, 33, 65],
    [9, 31, 32],
    [4, 1, 100],
    [3, 70, 1],
    [49, 12, 17],
    [300, 2, 3],
    [1, 300, 20],
  ])('is its own inverse and moves every element of %i x %i x %i to its place', (a, b, c) => {
    const data = count(a * b * c);
    const reversed = reverseAxes(data, a, b, c);
    for (let i = 0; i < a; i++)
      for (let j = 0; j < b; j++)
        for (let k = 0; k < c; k++) if (reversed[(k * b + j) * a + i] !== (i * b + j) * c + k) expect.fail(`at ${i}, ${j}, ${k}`);
    expect(reverseAxes(reversed, c, b, a)).toEqual(data);
  });
});

describe('activations', () => {
  it('change between [n, h, w, c] and [n, c, h, w] and back', () => {
    const [first, last] = [new Float32Array(12), new Float32Array(12)];
    // 2 images of 1 x 3 pixels with 2 channels.
    toChannelsFirst(count(12), [2, 1, 3, 2], first);
    expect([...first]).toEqual([0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11]);
    toChannelsLast(first, [2, 2, 1, 3], last);
    expect(last).toEqual(count(12));
  });
});
