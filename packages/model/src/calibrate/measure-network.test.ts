import path from 'node:path';
import { tfliteCpu } from '@nnm/backend-tflite';
import { runToEnd } from '@nnm/core';
import { expect, it } from 'vitest';
import { measureNetwork } from './measure-network.ts';

it('a network for which there is no time left starts no runtime', async () => {
  const measure = () => {
    throw new Error('measured');
  };
  const network = { name: 'net', hash: 'net', model: () => new Uint8Array(), kernels: [] };
  const setting = { backend: tfliteCpu, settings: {}, implement: 'tensorflow', batchSize: 1, seed: 1, measure } as const;
  const journalFile = path.join(import.meta.dirname, 'no-such-journal.jsonl');
  expect(await runToEnd(measureNetwork(network, { ...setting, journalFile, timeLeftMs: () => 0 }))).toEqual({
    name: 'net',
    problem: 'the time ended before it was measured',
    isLate: true,
  });
  await expect(runToEnd(measureNetwork(network, { ...setting, journalFile, timeLeftMs: () => 9 }))).rejects.toThrow('measured');
});
