import type { ModelGraph } from '../../graph/model-graph.ts';
import type { ByteSource } from '../byte-source.ts';
import { InvalidModelError } from '../errors.ts';
import type { ReadContext } from '../read-options.ts';
import { openZip } from '../zip-source.ts';
import { parseGraph } from './graph-model.ts';
import { inferModel } from './infer-model.ts';
import { parseLayers } from './layers-model.ts';
import { parseModelJson } from './model-json.ts';
import { readWeights } from './weights.ts';

/**
 * Read a TensorFlow.js model, a graph model or a layers model, from its `model.json`, or from a zip file of its folder. TensorFlow.js itself
 * is not needed.
 *
 * Shapes and types of weights are in that file. Of the files of weights only shapes and axes are read, and they may be missing: what
 * needs them is then not known, and noted.
 *
 * @throws {@link InvalidModelError} when the file is not such a model
 * @throws {@link FreeDimensionError} when sizes stay open
 */
export function readTfjs(file: ByteSource, given: ReadContext): ModelGraph {
  const { source, context } = openZip(file, given) ?? { source: file, context: given };
  const json = parseModelJson(source, context.name);
  const weights = readWeights(json, context);
  const { node, model_config: layers } = json.modelTopology;
  if (node === undefined && layers === undefined) {
    throw new InvalidModelError({ file: context.name, problem: 'is not a TensorFlow.js model: it has neither nodes nor layers' });
  }
  const draft = node === undefined ? parseLayers(layers, context.name) : parseGraph(json, node, weights.tensors, context.name);
  const producer = json.convertedBy ?? json.generatedBy;
  const { notes, ...model } = inferModel(draft, context);
  const all = [...weights.notes, ...notes];
  return {
    name: context.name,
    format: 'tfjs',
    ...(producer != null && { producer }),
    opsets: {},
    ...model,
    weightBytes: weights.weightBytes,
    ...(all.length > 0 && { notes: all }),
  };
}
