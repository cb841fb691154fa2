import { flag, float, text, type } from '../../graph-model/graph-def.ts';
import type { NodeRef } from '../../graph-model/graph-model-builder.ts';
import { batchNormAffine } from '../batch-norm-affine.ts';
import type { Lowering } from '../lowering.ts';

/** One that no convolution swallows: of an image a node of its own, else written out, as Keras does. */
export const batchNorm: Lowering<'batchNorm'> = {
  op: 'batchNorm',
  support: {
    runs: 'native',
    note: 'folded into the convolution before it, else FusedBatchNormV3; other than of images it is composed: Mul, AddV2',
  },
  lower(writer, op) {
    const weights = writer.draw();
    const constants = (names: readonly string[]): readonly NodeRef[] =>
      names.map((name) => writer.weights(name, weights[name]!.shape, weights[name]!.data));
    if (writer.shape().length === 4) {
      const of = { data_format: text('NHWC'), epsilon: float(op.epsilon), is_training: flag(false), U: type('DT_FLOAT') };
      writer.last('FusedBatchNormV3', [writer.x, ...constants(['gamma', 'beta', 'mean', 'variance'])], of);
      return;
    }
    const { scale, shift } = batchNormAffine(op, weights);
    const scaled = writer.step('Mul', [writer.x, writer.weights('scale', [scale.length], Float32Array.from(scale))]);
    writer.last('AddV2', [scaled, writer.weights('shift', [shift.length], Float32Array.from(shift))]);
  },
};
