import type { ModelJson } from '../graph-model/model-json.ts';
import { readZip } from './read-zip.ts';

/** A graph model in memory, as `tf.loadGraphModel(tf.io.fromMemory(...))` takes it. */
export interface GraphModelArtifacts {
  readonly modelTopology: NonNullable<ModelJson['modelTopology']>;
  readonly weightSpecs: ModelJson['weightsManifest'][number]['weights'];
  readonly weightData: ArrayBuffer;
  readonly format?: string;
  readonly signature?: ModelJson['signature'];
}

/**
 * A graph model out of the bytes of a model file: a zip of `model.json` and the files of weights that it names.
 *
 * @throws Error saying what is wrong with them
 * @example const model = await tf.loadGraphModel(tf.io.fromMemory(readModelFile(bytes)));
 */
export function readModelFile(bytes: Uint8Array): GraphModelArtifacts {
  const files = readZip(bytes);
  const path = [...files.keys()].filter((name) => /(^|\/)model\.json$/.test(name)).sort((a, b) => a.length - b.length)[0];
  if (path === undefined) throw new Error('the zip file has no model.json');
  const folder = path.slice(0, -'model.json'.length);
  const { modelTopology, weightsManifest = [], format, signature } = parse(files.get(path)!);
  if (modelTopology == null) throw new Error('its model.json has no modelTopology');
  if (format === 'layers-model' || 'model_config' in modelTopology) {
    throw new Error('it is a layers model; convert it to a graph model (tensorflowjs_converter --output_format tfjs_graph_model)');
  }
  const parts = weightsManifest.flatMap(({ paths }) => paths).map((name) => ({ name, part: files.get(folder + name) }));
  const missing = parts.find(({ part }) => part === undefined);
  if (missing !== undefined) throw new Error(`"${missing.name}" is not in the zip file`);
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  const weightData = join(parts.map(({ part }) => part!));
  return { modelTopology, weightSpecs, weightData, ...(format && { format }), ...(signature && { signature }) };
}

function parse(bytes: Uint8Array): Partial<ModelJson> {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Partial<ModelJson>;
  } catch (cause) {
    throw new Error('its model.json is not JSON', { cause });
  }
}

function join(parts: readonly Uint8Array[]): ArrayBuffer {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined.buffer;
}
