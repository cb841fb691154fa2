import { BaseBlock, type BlockClass, type Graph, GraphBuilder, type KernelConfig, type Shape, type ValueId } from '@nnm/core';

/** What a block of a few ops on tensors of any shape is made of. */
export interface TensorBlock<C extends KernelConfig> {
  /** Shapes of its inputs, without the batch. */
  readonly shapesOf: (config: C) => readonly Shape[];
  /** The first axis has so many elements for every one of the batch; default 1. */
  readonly copies?: (config: C) => number;
  readonly write: (g: GraphBuilder, inputs: readonly ValueId[], config: C, batchSize: number) => readonly ValueId[];
  /** Its inputs are timed with positive numbers; default false. */
  readonly positive?: boolean;
}

/** @param type - the kernel's id, which its graphs are called by */
export function tensorBlock<C extends KernelConfig>(
  type: string,
  { shapesOf, copies = () => 1, write, positive = false }: TensorBlock<C>,
): BlockClass<C> {
  return class extends BaseBlock<C> {
    override get inputShape(): Shape {
      return this.inputTensorShape[0] as Shape;
    }

    override get inputTensorShape(): readonly Shape[] {
      return shapesOf(this.config);
    }

    override get batchFactor(): number {
      return copies(this.config);
    }

    override getModel(): Graph {
      const g = new GraphBuilder(type);
      const inputs = this.inputTensorShape.map((shape) => g.input([this.batchSize * this.batchFactor, ...shape], { positive }));
      return g.build(...write(g, inputs, this.config, this.batchSize));
    }
  };
}
