import type { OpBase } from '@nnm/core';
import type { LoweringContext } from './context.ts';
import type { Attributes } from './onnx-writer.ts';

/** Writes an op as a chain of nodes; what lies between them is named after the op. */
export class Chain {
  constructor(
    readonly context: LoweringContext,
    private readonly op: OpBase,
  ) {}

  /** The model's name of an input of the op. */
  input(index = 0): string {
    return this.context.inputs[index] as string;
  }

  /** A node in the middle of the chain; returns its result. */
  step(opType: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const { writer } = this.context;
    return writer.node(opType, inputs, [writer.unusedName(`${this.op.outputs[0]}/${opType.toLowerCase()}`)], attributes);
  }

  /** The last node of the chain. */
  last(opType: string, inputs: readonly string[], attributes: Attributes = {}): void {
    this.context.writer.node(opType, inputs, [this.op.outputs[0] as string], attributes);
  }

  /** A list of 64-bit integers named after the op. */
  integers(what: string, values: readonly number[]): string {
    return this.context.writer.integers(`${this.op.outputs[0]}/${what}`, values);
  }

  /** A float32 constant named after the op. */
  floats(what: string, shape: readonly number[], data: Float32Array): string {
    return this.context.writer.floats(`${this.op.outputs[0]}.${what}`, shape, data);
  }
}
