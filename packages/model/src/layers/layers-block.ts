import { BaseBlock, type Graph, type KernelConfig } from '@nnm/core';
import { graphOfLayers } from './block-layers.ts';

/**
 * A block that is written with TensorFlow.js's layers API: its `getModel` returns a `tf.LayersModel`, which becomes the kernel graph that
 * the same layers are. See {@link fromLayersModel} for what is taken over. A `getModel` that returns a kernel graph is left as it is.
 *
 * @example
 * class StemBlock extends LayersBlock {
 *   getModel() {
 *     const { HW, COUT } = this.config;
 *     return tf.sequential({ layers: [tf.layers.conv2d({ inputShape: [HW, HW, 3], filters: COUT, kernelSize: 3 }), tf.layers.reLU()] });
 *   }
 * }
 */
export abstract class LayersBlock<C extends KernelConfig = KernelConfig> extends BaseBlock<C> {
  constructor(config: C, batchSize?: number) {
    super(config, batchSize);
    const getLayers: () => unknown = this.getModel;
    // Whoever has a block asks it for a kernel graph: what the class gives is hidden behind what the instance gives.
    this.getModel = (): Graph => graphOfLayers(this, getLayers.call(this));
  }

  /**
   * The layers of this kernel. The first size of its inputs is left open, as layers do: it becomes `batchSize`.
   *
   * Within the class it is a `tf.LayersModel` that is returned; an instance gives the kernel graph.
   */
  // biome-ignore lint/suspicious/noExplicitAny: a class returns layers where its instances return a graph
  abstract override getModel(): any;
}
