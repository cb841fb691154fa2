import type { OpBase, Shape } from '@nnm/core';
import type { BuiltinOperatorName, OperatorOptions } from '../flatbuffer/schema.ts';
import { binaryOptions, type LoweringContext, tensorOf } from './context.ts';
import type { TensorIndex } from './model-builder.ts';

/** Options that every use of an operator in a chain has. */
const OPTIONS: Partial<Record<BuiltinOperatorName, OperatorOptions>> = {
  ABS: { type: 'AbsOptions' },
  ADD: binaryOptions('AddOptions'),
  DIV: binaryOptions('DivOptions'),
  EXP: { type: 'ExpOptions' },
  MAXIMUM: { type: 'MaximumMinimumOptions' },
  MINIMUM: { type: 'MaximumMinimumOptions' },
  MUL: binaryOptions('MulOptions'),
  NEG: { type: 'NegOptions' },
  POW: { type: 'PowOptions' },
  SQUARED_DIFFERENCE: { type: 'SquaredDifferenceOptions' },
  SUB: binaryOptions('SubOptions'),
  TRANSPOSE: { type: 'TransposeOptions' },
};

/** Writes an op as a chain of operators; what lies between them is named after the op. */
export class Chain {
  private steps = 0;

  constructor(
    readonly context: LoweringContext,
    private readonly op: OpBase,
  ) {}

  /** The tensor of an input of the op. */
  input(index = 0): TensorIndex {
    return tensorOf(this.context, this.op.inputs[index] as string);
  }

  /** An operator in the middle of the chain; returns its result. */
  step(code: BuiltinOperatorName, inputs: readonly TensorIndex[], shape: Shape, options = OPTIONS[code]): TensorIndex {
    const result = this.context.model.value(`${this.op.outputs[0]}/${code.toLowerCase()}${this.steps++}`, shape);
    this.context.model.operator(code, inputs, [result], options);
    return result;
  }

  /** The last operator of the chain. */
  last(code: BuiltinOperatorName, inputs: readonly TensorIndex[], options = OPTIONS[code]): void {
    this.context.model.operator(code, inputs, [tensorOf(this.context, this.op.outputs[0] as string)], options);
  }
}
