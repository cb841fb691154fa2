import type { Kernel, ValueId } from '@nnm/core';
import { elementsOf, floatBytes, type RowsConfig, rowsBlock, rowsKernel } from './rows.ts';

const softmaxLike = (type: 'softmax' | 'log-softmax', method: 'softmax' | 'logSoftmax'): Kernel<RowsConfig> =>
  rowsKernel({
    type,
    family: 'softmax',
    description: `${type} of every row`,
    block: rowsBlock(type, (g, [x]) => [g[method](x as ValueId)]),
    workOf: (config) => ({ flops: 5 * elementsOf(config), params: 0, bytes: floatBytes(2 * elementsOf(config)) }),
  });

/** `softmax`: softmax of every row. */
export const softmax = softmaxLike('softmax', 'softmax');
/** `log-softmax`: its logarithm. */
export const logSoftmax = softmaxLike('log-softmax', 'logSoftmax');

const reduction = (type: string, method: 'reduceMean' | 'reduceMax' | 'reduceSum', axis: 1 | 2): Kernel<RowsConfig> =>
  rowsKernel({
    type,
    family: axis === 2 ? 'reduce-channels' : 'reduce-rows',
    description: `${method.slice(6).toLowerCase()} over ${axis === 2 ? 'the channels of every row' : 'all rows, per channel'}`,
    block: rowsBlock(type, (g, [x]) => [g[method](x as ValueId, { axes: [axis] })]),
    workOf: (config) => ({
      flops: elementsOf(config),
      params: 0,
      bytes: floatBytes(elementsOf(config) + (axis === 2 ? config.ROWS : config.CIN)),
    }),
  });

/** Mean, maximum and sum, over the channels of every row or over all rows. */
export const reductionKernels: readonly Kernel<RowsConfig>[] = [
  reduction('mean-channels', 'reduceMean', 2),
  reduction('max-channels', 'reduceMax', 2),
  reduction('sum-channels', 'reduceSum', 2),
  reduction('mean-rows', 'reduceMean', 1),
  reduction('max-rows', 'reduceMax', 1),
  reduction('sum-rows', 'reduceSum', 1),
];

/** `reshape`: the same elements in another shape. */
export const reshape = rowsKernel({
  type: 'reshape',
  description: 'the same elements in another shape: a copy, or nothing',
  block: rowsBlock('reshape', (g, [x], { ROWS, CIN }) => [g.reshape(x as ValueId, [-1, CIN, ROWS])]),
  workOf: (config) => ({ flops: 0, params: 0, bytes: floatBytes(2 * elementsOf(config)) }),
});

/** `prelu`: ReLU with a trained slope per channel. */
export const prelu = rowsKernel({
  type: 'prelu',
  description: 'ReLU with a trained slope per channel',
  block: rowsBlock('prelu', (g, [x]) => [g.prelu(x as ValueId)]),
  workOf: (config) => ({ flops: 2 * elementsOf(config), params: config.CIN, bytes: floatBytes(2 * elementsOf(config) + config.CIN) }),
});
