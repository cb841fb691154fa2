import { countWork, inferShapes } from '@nnm/core';
import { network } from '@nnm/zoo';
import { expect, it } from 'vitest';
import { varyNetwork } from './vary-network.ts';

it('gives convolutions other widths and windows, and keeps what comes out', () => {
  const published = network('mobilenet-v3-large', { inputSize: 96 });
  const varied = varyNetwork(published, { width: 0.5, window: 5 });
  expect(varied && countWork(varied).params).toBeLessThan(0.6 * countWork(published).params);
  const windows = varied?.ops.flatMap((op) => (op.op === 'depthwiseConv2d' ? op.kernelSize[0] : []));
  expect(new Set(windows)).toEqual(new Set([5]));
  const shapesOf = (graph: typeof published) => graph.outputs.map((id) => inferShapes(graph).get(id));
  expect(shapesOf(varied!)).toEqual(shapesOf(published));
});

it('is no network where groups do not divide its channels', () => {
  expect(varyNetwork(network('regnet-x-400mf', { inputSize: 96 }), { width: 0.75, window: 3 })).toBeUndefined();
});
