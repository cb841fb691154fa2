import { kernelContract, ReferenceBackend } from '@nnm/core/testing';
import { expect, it } from 'vitest';
import { EncoderBlock, encoderBlock } from './encoder-block.ts';

for (const { name, run } of kernelContract(encoderBlock, { backends: [new ReferenceBackend()] })) it(name, run);

it('is attention, feed-forward network and two normalisations', () => {
  const ops = new EncoderBlock({ LENGTH: 7, HEADS: 2, HEAD_CHANNELS: 4, EXPANSION: 2 }).getModel().ops.map(({ op }) => op);
  const count = (name: string) => ops.filter((op) => op === name).length;
  expect({ dense: count('dense'), matmul: count('matmul'), layerNorm: count('layerNorm') }).toEqual({ dense: 6, matmul: 2, layerNorm: 2 });
});
