import { drawWeights, type Op, type OpNamed, type Shape, UnsupportedOperatorError } from '@nnm/core';
import { FusedActivation } from '../../flatbuffer/schema.ts';
import { Chain } from '../chain.ts';
import { inputsOf, type LoweringContext, shapeOf, tensorOf } from '../context.ts';
import { MOST_AXES } from '../fold-axes.ts';
import type { Lowering } from '../lowering.ts';
import type { TensorIndex } from '../model-builder.ts';
import { weightsByFilter } from '../weight-layout.ts';
import { joinAxes } from '../write-binary.ts';
import { writeReshape } from '../write-reshape.ts';

/** The constant `[k, n]` that makes of a product a fully connected layer, if the second operand is one. */
function constantMatrix({ graph }: LoweringContext, op: OpNamed<'matmul'>): Op | undefined {
  const maker = graph.ops.find(({ outputs }) => outputs.includes(op.inputs[1]!));
  return maker?.op === 'constant' && maker.shape.length === 2 && !op.transposeA ? maker : undefined;
}

/** `BATCH_MATMUL`, which takes four axes: neighbouring axes of batches that broadcast alike become one. */
function writeBatched(context: LoweringContext, op: OpNamed<'matmul'>): void {
  const options = { type: 'BatchMatMulOptions', adjX: op.transposeA ?? false, adjY: op.transposeB ?? false } as const;
  const chain = new Chain(context, op);
  const output = shapeOf(context, op.outputs[0]!);
  if (output.length <= MOST_AXES) {
    chain.last('BATCH_MATMUL', inputsOf(context, op), options);
    return;
  }
  const [first, second] = op.inputs.map((id) => shapeOf(context, id)) as [Shape, Shape];
  const batches = joinAxes(first.slice(0, -2), second.slice(0, -2));
  if (batches.output.length > MOST_AXES - 2) {
    const reason = `BATCH_MATMUL takes ${MOST_AXES} axes, and [${first.join(', ')}] with [${second.join(', ')}] needs ${batches.output.length + 2}`;
    throw new UnsupportedOperatorError({ backend: context.backend, graph: context.graph.name, operator: op.op, reason });
  }
  const reshape = (x: TensorIndex, shape: Shape): TensorIndex =>
    chain.step('RESHAPE', [x, context.model.integers([shape.length], shape)], shape, { type: 'ReshapeOptions', newShape: shape });
  const a = reshape(chain.input(0), [...batches.a, ...first.slice(-2)]);
  const b = reshape(chain.input(1), [...batches.b, ...second.slice(-2)]);
  const product = chain.step('BATCH_MATMUL', [a, b], [...batches.output, ...output.slice(-2)], options);
  writeReshape(context, product, tensorOf(context, op.outputs[0]!), output);
}

export const matmul: Lowering<'matmul'> = {
  op: 'matmul',
  support: {
    runs: 'reference kernel',
    note: 'BATCH_MATMUL*; FULLY_CONNECTED, which is delegated, with a constant matrix; batches that broadcast over three unequal axes are refused',
  },
  lower(context, op) {
    const { graph, shapes, model } = context;
    const result = tensorOf(context, op.outputs[0]!);
    const matrix = constantMatrix(context, op);
    if (matrix === undefined) {
      writeBatched(context, op);
      return;
    }
    const { value } = drawWeights(graph, matrix, shapes);
    const rank = shapeOf(context, op.outputs[0]!).length;
    const [rows, columns] = value!.shape as readonly [number, number];
    const name = `${op.outputs[0]}/kernel`;
    const kernel = op.transposeB
      ? model.weights(name, [rows, columns], value!.data)
      : model.weights(name, [columns, rows], weightsByFilter(value!, undefined));
    const units = op.transposeB ? rows : columns;
    const bias = model.weights(`${op.outputs[0]}/bias`, [units], new Float32Array(units));
    const options = {
      type: 'FullyConnectedOptions',
      fusedActivation: FusedActivation.none,
      keepNumDims: rank > 2,
    } as const;
    model.operator('FULLY_CONNECTED', [tensorOf(context, op.inputs[0]!), kernel, bias], [result], options, rank > 2 ? 5 : 1);
  },
};
