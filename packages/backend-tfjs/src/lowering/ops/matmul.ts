import { countElements } from '@nnm/core';
import { flag } from '../../graph-model/graph-def.ts';
import type { NodeRef } from '../../graph-model/graph-model-builder.ts';
import type { Lowering } from '../lowering.ts';
import type { OpWriter } from '../op-writer.ts';

/**
 * An operand whose batch of matrices is as large as the result's, or one: TensorFlow.js repeats single matrices, and pairs others up in
 * their order, so that a batch which is stretched in part would be paired with the wrong ones.
 */
function wholeBatch(writer: OpWriter, index: number): NodeRef {
  const batch = writer.outputShape.slice(0, -2);
  const shape = writer.shape(index);
  const own = [...Array<number>(batch.length + 2 - shape.length).fill(1), ...shape];
  const matrices = countElements(own.slice(0, -2));
  const x = writer.inputs[index]!;
  if (matrices === 1 || matrices === countElements(batch)) return x;
  const repeats = own.map((size, axis) => (batch[axis] ?? size) / size);
  return writer.step('Tile', [writer.reshaped(x, own), writer.list(repeats)]);
}

/** Two matrices are a `MatMul`, more axes a `BatchMatMulV2`. */
export const matmul: Lowering<'matmul'> = {
  op: 'matmul',
  support: {
    runs: 'native',
    note: 'MatMul; BatchMatMulV2 of more than two axes; batches stretched in part are composed: Reshape, Tile before it',
  },
  lower(writer, { transposeA = false, transposeB = false }) {
    if (writer.outputShape.length === 2) {
      writer.last('MatMul', writer.inputs, { transpose_a: flag(transposeA), transpose_b: flag(transposeB) });
      return;
    }
    const operands = [wholeBatch(writer, 0), wholeBatch(writer, 1)];
    writer.last('BatchMatMulV2', operands, { adj_x: flag(transposeA), adj_y: flag(transposeB) });
  },
};
