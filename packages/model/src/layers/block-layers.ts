import type { BaseBlock, Graph, KernelConfig, Plugin } from '@nnm/core';
import { fromLayersModel, type LayersModelLike } from './from-layers-model.ts';

/** A block as far as its layers' graph depends on it. */
type NamedBlock = Pick<BaseBlock<KernelConfig>, 'batchSize'> & object;

/** What a block's `getModel` gave, as a kernel graph if it is layers; anything else is left as it is, for `blockGraph` to judge. */
export function graphOfLayers(block: NamedBlock, model: unknown): Graph {
  if (typeof (model as Partial<LayersModelLike> | null | undefined)?.toJSON !== 'function') return model as Graph;
  return fromLayersModel(model as LayersModelLike, { name: block.constructor.name, batchSize: block.batchSize });
}

/**
 * Lets the blocks of a plugin give models of TensorFlow.js's layers API, whatever class they extend: their classes are changed so that
 * `getModel` gives the kernel graph that the layers are. The program `nnm` does this with every plugin that it loads; a program of your own
 * does it before it makes a registry.
 *
 * @returns the plugin
 * @example
 * const registry = createRegistry([acceptLayers(myPlugin), tfjs]);
 */
export function acceptLayers<P extends Pick<Plugin, 'kernels'>>(plugin: P): P {
  for (const block of new Set((plugin.kernels ?? []).map((kernel) => kernel.block.prototype as BaseBlock | undefined))) {
    const getModel = block?.getModel;
    if (typeof getModel !== 'function') continue;
    Object.defineProperty(block, 'getModel', {
      configurable: true,
      writable: true,
      value(this: BaseBlock) {
        return graphOfLayers(this, getModel.call(this));
      },
    });
  }
  return plugin;
}
