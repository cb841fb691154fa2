import { NnmError } from '../errors/index.ts';
import type { Graph } from '../graph/types.ts';

/** A block's `getModel` gave something that is no kernel graph. */
export class NoKernelGraphError extends NnmError {
  constructor(details: { block: string; got: string; isLayersModel: boolean }) {
    super({
      code: 'ERR_NO_KERNEL_GRAPH',
      message: `getModel of ${details.block} gives ${details.got}, not a kernel graph.`,
      hint: details.isLayersModel
        ? "Write `extends LayersBlock` instead of `extends BaseBlock`, with `import { LayersBlock } from '@nnm/model/layers'`: it turns the layers that getModel gives into a kernel graph. In a block that must extend another class, `return fromLayersModel(model, { name: 'my-kernel', batchSize: this.batchSize })` of the same module."
        : "Return what GraphBuilder's `build` gives, at once and not as a promise.",
      details,
    });
  }
}

/**
 * The graph that a block builds.
 *
 * @throws {@link NoKernelGraphError} for anything else, such as a model of TensorFlow.js; what `getModel` throws
 */
export function blockGraph(block: { getModel(): object }): Graph {
  const graph: unknown = block.getModel();
  if (isKernelGraph(graph)) return graph;
  throw new NoKernelGraphError({ block: block.constructor.name, got: nameOf(graph), isLayersModel: isLayersModel(graph) });
}

/** Whether a value is a kernel graph by its look; `inferShapes` says whether it is a valid one. */
function isKernelGraph(value: unknown): value is Graph {
  return Array.isArray((value as Partial<Graph> | null | undefined)?.ops);
}

/** Core does not know TensorFlow.js: this is what every `tf.LayersModel` looks like. */
function isLayersModel(value: unknown): boolean {
  const { layers, inputs, toJSON } = (value ?? {}) as { readonly layers?: unknown; readonly inputs?: unknown; readonly toJSON?: unknown };
  return Array.isArray(layers) && Array.isArray(inputs) && typeof toJSON === 'function';
}

function nameOf(value: unknown): string {
  if (isLayersModel(value)) return 'a layers model of TensorFlow.js';
  if (value === undefined) return 'nothing (undefined)';
  if (value === null) return 'null';
  if (typeof (value as { then?: unknown }).then === 'function') return 'a promise';
  return `a value of the type ${typeof value}`;
}
