import { InvalidGraphError } from '../errors/index.ts';
import type { Graph, Shape } from '../graph/types.ts';
import { blockGraph } from './block-graph.ts';
import type { KernelConfig } from './config.ts';

/**
 * A kernel as a model: turns one configuration into a framework-free graph.
 *
 * @example
 * class ReluBlock extends BaseBlock<{ HW: number; CIN: number }> {
 *   get inputShape() { return [this.config.HW, this.config.HW, this.config.CIN]; }
 *   getModel() {
 *     const g = new GraphBuilder('relu');
 *     return g.build(g.activation(g.input([this.batchSize, ...this.inputShape]), 'relu'));
 *   }
 * }
 */
export abstract class BaseBlock<C extends KernelConfig = KernelConfig> {
  /** The graph is being built to learn its inputs' shapes. */
  private isAsking = false;

  /**
   * @param config - a valid configuration of the kernel
   * @param batchSize - `n` of every input, an integer >= 1
   */
  constructor(
    readonly config: C,
    readonly batchSize: number = 1,
  ) {}

  /**
   * Shape of the first input without the batch: `[h, w, c]` or `[c]`. Default: that of the graph's first input.
   *
   * @throws {@link InvalidGraphError} when `getModel` itself asks for it and the block does not give it
   */
  get inputShape(): Shape {
    if (this.isAsking) {
      const problem = 'getModel asks for inputShape or inputTensorShape, which the block does not give';
      throw new InvalidGraphError({ graph: this.constructor.name, problem });
    }
    return this.inputTensorShape[0] ?? [];
  }

  /** Shapes of all inputs without the batch, as config files show them. Default: those of the graph's inputs. */
  get inputTensorShape(): readonly Shape[] {
    // A block that builds its graph from this very list has one input, of `inputShape`.
    if (this.isAsking) return [this.inputShape];
    this.isAsking = true;
    try {
      return blockGraph(this).inputs.map(({ shape }) => shape.slice(1));
    } finally {
      this.isAsking = false;
    }
  }

  /** Elements of every input's first axis for each one of the batch; above 1 where an axis of the kernel lies before all others, default 1. */
  get batchFactor(): number {
    return 1;
  }

  /** The graph of this kernel; its inputs have the shapes of `inputTensorShape` with `batchSize * batchFactor` in front. */
  abstract getModel(): Graph;
}

/** A block as its class is written: its `getModel` may give something that instances make the graph of, as layers of TensorFlow.js. */
export type WrittenBlock<C extends KernelConfig = KernelConfig> = Omit<BaseBlock<C>, 'getModel'> & { getModel(): object };

/** The class of a block. */
export type BlockClass<C extends KernelConfig> = new (config: C, batchSize?: number) => BaseBlock<C>;
