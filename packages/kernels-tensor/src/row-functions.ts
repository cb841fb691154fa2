import { floatBytes, type Kernel, type ValueId } from '@nnm/core';
import { elementsOf, type RowsConfig, rowsBlock, rowsKernel } from './rows.ts';

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

/** `arg-max`: where in every row the largest element is, as a classifier's answer. */
export const argMax = rowsKernel({
  type: 'arg-max',
  description: 'index of the largest element of every row',
  block: rowsBlock('arg-max', (g, [x]) => [g.argMax(x as ValueId)]),
  workOf: (config) => ({ flops: elementsOf(config), params: 0, bytes: floatBytes(elementsOf(config) + config.ROWS) }),
});

/** `l2-normalize`: every row as a vector of length 1, as embeddings are compared. */
export const l2Normalize = rowsKernel({
  type: 'l2-normalize',
  description: 'every row divided by its length',
  block: rowsBlock('l2-normalize', (g, [x]) => [g.l2Normalize(x as ValueId)]),
  workOf: (config) => ({ flops: 3 * elementsOf(config), params: 0, bytes: floatBytes(2 * elementsOf(config)) }),
});

/** The same elements, with an axis of size 1 more or less. */
const unitAxis = (type: 'expand-dims' | 'squeeze'): Kernel<RowsConfig> =>
  rowsKernel({
    type,
    family: 'squeeze',
    description: `an axis of size 1 ${type === 'squeeze' ? 'less' : 'more'}: a copy, or nothing`,
    block:
      type === 'squeeze'
        ? rowsBlock(
            type,
            (g, [x]) => [g.squeeze(x as ValueId, [1])],
            ({ ROWS, CIN }) => [[1, ROWS, CIN]],
          )
        : rowsBlock(type, (g, [x]) => [g.expandDims(x as ValueId, 1)]),
    workOf: (config) => ({ flops: 0, params: 0, bytes: floatBytes(2 * elementsOf(config)) }),
  });

/** `expand-dims`: an axis of size 1 more. */
export const expandDims = unitAxis('expand-dims');
/** `squeeze`: an axis of size 1 less. */
export const squeeze = unitAxis('squeeze');

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
  loopsOf: ({ ROWS, CIN }) => ({ rows: ROWS, elements: CIN }),
  extra: { OUT_PIXELS: ({ ROWS }) => ROWS },
  block: rowsBlock('prelu', (g, [x]) => [g.prelu(x as ValueId)]),
  workOf: (config) => ({ flops: 2 * elementsOf(config), params: config.CIN, bytes: floatBytes(2 * elementsOf(config) + config.CIN) }),
});
