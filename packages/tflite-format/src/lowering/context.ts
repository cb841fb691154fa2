import type { Graph, Shape, Shapes, ValueId } from '@nnm/core';
import { FusedActivation, type FusedActivationName, type OperatorOptions } from '../flatbuffer/schema.ts';
import type { ModelBuilder, TensorIndex } from './model-builder.ts';

/** What the lowering of one op may use. */
export interface LoweringContext {
  /** Id of the backend that it is for, as errors name it. */
  readonly backend: string;
  readonly graph: Graph;
  readonly shapes: Shapes;
  readonly model: ModelBuilder;
  /** Values known never to be negative. */
  readonly nonNegative: Set<ValueId>;
}

/** Shape of a value of a checked graph. */
export const shapeOf = (context: LoweringContext, id: ValueId): Shape => context.shapes.get(id)!;

/** Tensor of a value. */
export const tensorOf = (context: LoweringContext, id: ValueId): TensorIndex => context.model.value(id, shapeOf(context, id));

/** Tensors of an op's inputs. */
export const inputsOf = (context: LoweringContext, { inputs }: { readonly inputs: readonly ValueId[] }): readonly TensorIndex[] =>
  inputs.map((id) => tensorOf(context, id));

/** Options of an arithmetic operator. */
export function binaryOptions(
  type: 'AddOptions' | 'MulOptions' | 'SubOptions' | 'DivOptions',
  activation: FusedActivationName = 'none',
): OperatorOptions {
  return { type, fusedActivation: FusedActivation[activation] };
}
