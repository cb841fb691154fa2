import { type Graph, InvalidGraphError, inferShapes, NnmError, type Op, type Shape, type ValueId } from '@nnm/core';
import type { ModelGraph } from '../graph/model-graph.ts';
import type { LiftedOp } from '../lift/lifted-model.ts';
import { KNOWN_LAYERS } from '../lift/tfjs/known-layers.ts';
import { liftTfjs } from '../lift/tfjs/lift-tfjs.ts';
import { inferModel } from '../read/tfjs/infer-model.ts';
import { PASSING_LAYERS, parseLayers } from '../read/tfjs/layers-model.ts';
import { LayersModelError } from './errors.ts';

/** What is needed of a `tf.LayersModel`: `tf.sequential(...)` and `tf.model(...)` give one. */
export interface LayersModelLike {
  readonly name: string;
  /** Its layers in TensorFlow.js's own form. */
  toJSON(unused?: unknown, returnString?: boolean): unknown;
  /** Frees its weights. */
  dispose?(): unknown;
}

/** Options of {@link fromLayersModel}. */
export interface LayersModelOptions {
  /** Name of the graph, which errors show; default the model's. Models without a name of their own get a new one each time. */
  readonly name?: string;
  /** `n` of every input whose first size the model leaves open; default 1. */
  readonly batchSize?: number;
  /** Seed of the weights, an unsigned 32-bit integer; default 0. */
  readonly seed?: number;
}

/**
 * A model of TensorFlow.js's layers API as a kernel graph, so that a kernel written with layers runs on every backend.
 *
 * Only the layers and their shapes are taken over. Weights are drawn when the graph is converted, as for every kernel, and those of the
 * model are freed: it is not to be used afterwards. Layers that do nothing in inference, such as `Dropout`, are left out.
 *
 * @throws {@link LayersModelError} naming every layer that cannot be said in a kernel graph, and those that can
 * @example
 * class Block extends BaseBlock<Config> {
 *   getModel() {
 *     const layers = [tf.layers.conv2d({ inputShape: [28, 28, 3], filters: 8, kernelSize: 3 }), tf.layers.reLU()];
 *     return fromLayersModel(tf.sequential({ layers }), { name: 'my-block', batchSize: this.batchSize });
 *   }
 * }
 */
export function fromLayersModel(model: LayersModelLike, options: LayersModelOptions = {}): Graph {
  const { name = model.name, batchSize = 1, seed = 0 } = options;
  const topology = model.toJSON(undefined, false);
  model.dispose?.();
  const fail = (problems: readonly string[], cause?: unknown): never => {
    throw new LayersModelError({ model: name, problems, known: [...KNOWN_LAYERS, ...PASSING_LAYERS].sort() }, { cause });
  };
  try {
    const draft = parseLayers(topology, name);
    const shapes = Object.fromEntries(
      draft.inputs.flatMap((input) => (input.shape?.[0] === -1 ? [[input.name, [batchSize, ...input.shape.slice(1)]] as const] : [])),
    );
    const inferred = inferModel(draft, { name, shapes });
    const lifted = liftTfjs({ name, format: 'tfjs', opsets: {}, weightBytes: 0, ...inferred } satisfies ModelGraph);
    const gaps = lifted.ops.flatMap(({ gap, nodes }) =>
      gap === undefined ? [] : [`"${inferred.nodes[nodes[0]!]!.name}" (${plain(gap)})`],
    );
    if (gaps.length > 0) return fail(gaps);
    const inputs = inferred.inputs.map((id) => [id, inferred.tensors.get(id)!.shape!] as const);
    return toGraph(name, seed >>> 0, inputs, lifted.ops as readonly LiftedOp[], inferred.outputs);
  } catch (error) {
    if (!NnmError.isInstance(error) || error instanceof LayersModelError) throw error;
    return fail([error instanceof InvalidGraphError ? String(error.details.problem) : error.message.replace(/\.$/, '')], error);
  }
}

/** `layer::Lambda has no equivalent in nnm`, without what marks layers among operators. */
const plain = (gap: string): string => gap.replaceAll('layer::', '');

/** Values are named by their place, since TensorFlow.js counts its layers on and on: equal models are equal graphs. */
function toGraph(
  name: string,
  seed: number,
  inputs: readonly (readonly [string, Shape])[],
  lifted: readonly LiftedOp[],
  outputs: readonly string[],
): Graph {
  const names = new Map<string, ValueId>(inputs.map(([id], index) => [id, `input${index}`]));
  const ops = lifted.map(({ op }, index): Op => {
    op.outputs.forEach((id, part) => {
      names.set(id, `${op.op}${index}${op.outputs.length > 1 ? `_${part}` : ''}`);
    });
    const renamed = (ids: readonly string[]): readonly ValueId[] => ids.map((id) => names.get(id)!);
    return { ...op, inputs: renamed(op.inputs), outputs: renamed(op.outputs) };
  });
  const graph: Graph = {
    schemaVersion: 1,
    name,
    seed,
    inputs: inputs.map(([id, shape]) => ({ id: names.get(id)!, shape })),
    ops,
    outputs: outputs.map((id) => names.get(id)!),
  };
  inferShapes(graph);
  return graph;
}
