import { inferShapes } from '@nnm/core';
import { maxRelativeError } from '@nnm/core/testing';
import { network, networkNames } from '@nnm/zoo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isOneFunction, startTwoRuntimes, type TwoRuntimes } from './two-runtimes.ts';

/** Rounding adds up over a hundred layers; single kernels agree within 1e-4. */
const TOLERANCE = 2e-4;

/** Smaller inputs than published where those take seconds; a relative with the same operators stands for the largest networks. */
const INPUT_SIZES: Readonly<Record<string, number>> = {
  'inception-v3': 139,
  unet: 64,
  'deeplab-v3-mobilenet-v3': 129,
  'ssd-mobilenet-v2': 160,
  'yolo-v5n': 128,
  'mobilevit-s': 128,
  'whisper-tiny-encoder': 200,
};
const TOO_LARGE = ['vit-b-16', 'vit-b-32', 'bert-base', 'bert-medium', 'distilbert', 'gpt2-small', 'vgg-11', 'vgg-13', 'vgg-16', 'vgg-19'];

let runtimes: TwoRuntimes;
beforeAll(async () => {
  runtimes = await startTwoRuntimes();
});
afterAll(() => runtimes.close());

describe('on both runtimes', () => {
  it.each(networkNames.filter((name) => !TOO_LARGE.includes(name)))(
    '%s gives finite outputs of the published shape, and the same where both define one function',
    async (name) => {
      const inputSize = INPUT_SIZES[name];
      const graph = network(name, inputSize === undefined ? {} : { inputSize });
      const { tensorflow, torch } = await runtimes.execute(graph);
      const shapes = graph.outputs.map((id) => inferShapes(graph).get(id));
      for (const outputs of [tensorflow, torch]) {
        expect(outputs.map(({ shape }) => [...shape])).toEqual(shapes);
        expect(outputs.every(({ data }) => data.every(Number.isFinite))).toBe(true);
        // Logits that are all alike would agree whatever the network computes.
        expect(new Set(outputs[0]?.data).size).toBeGreaterThan(0.1 * (outputs[0]?.data.length ?? 0));
      }
      if (isOneFunction(graph)) expect(maxRelativeError(tensorflow, torch)).toBeLessThanOrEqual(TOLERANCE);
    },
  );
});
