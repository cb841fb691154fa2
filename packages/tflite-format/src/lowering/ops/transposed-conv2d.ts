import { type OpNamed, resolveTransposedPadding, type Shape } from '@nnm/core';
import { PaddingScheme } from '../../flatbuffer/schema.ts';
import { Chain } from '../chain.ts';
import { type LoweringContext, shapeOf, tensorOf } from '../context.ts';
import type { FusedOp } from '../fused-op.ts';
import { layerWeights } from '../layer-weights.ts';
import type { Lowering } from '../lowering.ts';
import { weightsByFilter } from '../weight-layout.ts';

/** The full result, before pixels are cut off. */
function fullShape(context: LoweringContext, op: OpNamed<'transposedConv2d'>): Shape {
  const [n, h, w] = shapeOf(context, op.inputs[0]!) as readonly [number, number, number];
  return [n, (h - 1) * op.strides[0] + op.kernelSize[0], (w - 1) * op.strides[1] + op.kernelSize[1], op.filters];
}

/** Weights are `[filters, kh, kw, cin]`. Explicit pixels are cut off the result of `VALID` with a `SLICE`. */
function lower(context: LoweringContext, op: OpNamed<'transposedConv2d'>, fused: FusedOp): void {
  const { model } = context;
  const chain = new Chain(context, op);
  const name = op.outputs[0]!;
  const { kernel, scale, bias } = layerWeights(context, fused, op.filters);
  const channels = shapeOf(context, op.inputs[0]!)[3]!;
  const output = shapeOf(context, name);
  const full = fullShape(context, op);
  const result = tensorOf(context, fused.outputs[0]!);
  const isWhole = op.padding === 'same' || full.join() === output.join();
  const computed = isWhole ? output : full;
  const target = isWhole ? result : model.value(`${name}/full`, full);
  const inputs = [
    model.integers([4], computed),
    model.weights(`${name}/kernel`, [op.filters, ...op.kernelSize, channels], weightsByFilter(kernel, scale)),
    chain.input(),
    model.weights(`${name}/bias`, [op.filters], bias),
  ];
  const padding = op.padding === 'same' ? PaddingScheme.SAME : PaddingScheme.VALID;
  model.operator(
    'TRANSPOSE_CONV',
    inputs,
    [target],
    { type: 'TransposeConvOptions', padding, strideW: op.strides[1], strideH: op.strides[0] },
    3,
  );
  if (isWhole) return;
  const { top, left } = resolveTransposedPadding(op.padding, 'tensorflow', op.kernelSize, op.strides);
  const limits = [model.integers([4], [0, top, left, 0]), model.integers([4], output)];
  model.operator('SLICE', [target, ...limits], [result], { type: 'SliceOptions' });
}

export const transposedConv2d: Lowering<'transposedConv2d'> = {
  op: 'transposedConv2d',
  support: {
    runs: 'delegated',
    note: 'TRANSPOSE_CONV, on its own kernel where a window is smaller than its stride; explicit padding is composed with SLICE*',
  },
  foldsBatchNorm: true,
  lower,
};
