import type { Graph, Shape } from '../graph/types.ts';
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
  /**
   * @param config - a valid configuration of the kernel
   * @param batchSize - `n` of every input, an integer >= 1
   */
  constructor(
    readonly config: C,
    readonly batchSize: number = 1,
  ) {}

  /** Shape of the first input without the batch: `[h, w, c]` or `[c]`. */
  abstract get inputShape(): Shape;

  /** Shapes of all inputs without the batch. */
  get inputTensorShape(): readonly Shape[] {
    return [this.inputShape];
  }

  /** The graph of this kernel; its inputs have the shapes of `inputTensorShape` with the batch in front. */
  abstract getModel(): Graph;
}

/** The class of a block. */
export type BlockClass<C extends KernelConfig> = new (config: C, batchSize?: number) => BaseBlock<C>;
