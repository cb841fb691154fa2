import { DrawnTensor, Rng } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { toChannelsFirst, toChannelsLast, torchKernel } from './weight-layout.ts';

const count = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => i);

describe('torchKernel', () => {
  it.each([
    [1, 33, 65],
    [9, 31, 32],
    [4, 1, 100],
    [3, 70, 1],
    [49, 12, 17],
    [1, 300, 250],
    [36, 100, 40],
  ])('turns [%i pixels, %i channels, %i filters] into [filters, channels, pixels], at any address', (pixels, channels, filters) => {
    const kernel = new DrawnTensor([pixels, channels, filters], { center: 0, spread: 1 }, new Rng(1));
    const bytes = torchKernel(kernel, pixels);
    const file = new Uint8Array(bytes.length + 1);
    bytes.write(file.subarray(1));
    const written = new Float32Array(file.slice(1).buffer);
    const { data } = kernel;
    expect(written).toHaveLength(data.length);
    for (let i = 0; i < pixels; i++)
      for (let j = 0; j < channels; j++)
        for (let k = 0; k < filters; k++)
          if (written[(k * channels + j) * pixels + i] !== data[(i * channels + j) * filters + k]) expect.fail(`at ${i}, ${j}, ${k}`);
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
