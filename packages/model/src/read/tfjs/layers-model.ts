import type { AttributeValue, ModelNode } from '../../graph/model-graph.ts';
import { InvalidModelError } from '../errors.ts';
import type { DraftInput, ModelDraft } from './draft.ts';
import { checked, kerasConfig, type LayerEntry } from './model-json.ts';

/** Layers that hand on what they are given when a model is not trained. */
export const PASSING_LAYERS: ReadonlySet<string> = new Set([
  'ActivityRegularization',
  'AlphaDropout',
  'Dropout',
  'GaussianDropout',
  'GaussianNoise',
  'SpatialDropout1D',
  'SpatialDropout2D',
]);

/** Layers of the largest models, tenfold. */
const MOST_LAYERS = 10_000;

/** Lists within lists that a configuration has at most. */
const MOST_DEPTH = 16;

/** A layer with the names of what it is called on. */
interface Call {
  readonly name: string;
  readonly layer: LayerEntry;
  readonly inputs: readonly string[];
}

/**
 * The layers of a layers model in execution order, each a node `layer::<class>` with its configuration as attributes.
 *
 * @throws {@link InvalidModelError} for a layer that is called twice, and for a model inside the model
 */
export function parseLayers(value: unknown, file: string): ModelDraft {
  const { class_name: kind, config } = checked(kerasConfig, value, file);
  if (config.layers.length > MOST_LAYERS)
    throw new InvalidModelError({ file, problem: `has ${config.layers.length} layers, and no model has` });
  const calls = kind === 'Sequential' ? chainOf(config.layers) : callsOf(config.layers, file);
  const inner = config.layers.find(({ config: own }) => Array.isArray(own.layers));
  if (inner) {
    throw new InvalidModelError({
      file,
      problem: `has the model "${nameOf(inner)}" inside it, which nnm does not read`,
      hint: 'Convert it to a graph model: `tensorflowjs_converter --output_format tfjs_graph_model`.',
    });
  }
  const aliases = new Map<string, string>();
  const resolve = (name: string): string => aliases.get(name) ?? name;
  const nodes: ModelNode[] = [];
  const inputs: DraftInput[] = [];
  for (const { name, layer, inputs: given } of calls) {
    const shape = layer.config.batch_input_shape ?? layer.config.batch_shape;
    let from = given.map(resolve);
    if (from.length === 0) {
      const input = layer.class_name === 'InputLayer' ? name : `${name}_input`;
      inputs.push({
        name: input,
        ...(Array.isArray(shape) && { shape: shape.map((size) => (typeof size === 'number' ? size : -1)) }),
        dtype: 'float32',
      });
      from = [input];
    }
    const isNothing = layer.class_name === 'Activation' && layer.config.activation === 'linear';
    if (layer.class_name === 'InputLayer') continue;
    if (PASSING_LAYERS.has(layer.class_name) || isNothing) aliases.set(name, from[0]!);
    else nodes.push({ name, operator: `layer::${layer.class_name}`, attributes: attributesOf(layer), inputs: from, outputs: [name] });
  }
  if (nodes.length === 0) throw new InvalidModelError({ file, problem: 'has no layers that compute anything' });
  const said = (config.output_layers ?? []).flatMap((end) => (Array.isArray(end) ? historyName(end) : []));
  const outputs = said.length > 0 ? said : [calls.at(-1)!.name];
  return { inputs, constants: [], nodes, outputs: outputs.map(resolve), typeOf: () => 'float32' };
}

const nameOf = ({ name, config }: LayerEntry): string => name ?? String(config.name);

function chainOf(layers: readonly LayerEntry[]): readonly Call[] {
  return layers.map((layer, index) => ({ name: nameOf(layer), layer, inputs: index === 0 ? [] : [nameOf(layers[index - 1]!)] }));
}

/** The layers with those that they are called on, so that each comes after them. */
function callsOf(layers: readonly LayerEntry[], file: string): readonly Call[] {
  const calls = layers.map((layer): Call => {
    const called = layer.inbound_nodes ?? [];
    if (called.length > 1)
      throw new InvalidModelError({ file, problem: `calls its layer "${nameOf(layer)}" more than once, which nnm does not read` });
    return { name: nameOf(layer), layer, inputs: called.flatMap(inboundNames) };
  });
  const known = new Set<string>();
  const ordered: Call[] = [];
  for (let waiting = calls; waiting.length > 0; ) {
    const ready = waiting.filter(({ inputs }) => inputs.every((name) => known.has(name)));
    if (ready.length === 0) {
      throw new InvalidModelError({
        file,
        problem: `is damaged: its layer "${waiting[0]!.name}" waits for itself or for what is not there`,
      });
    }
    for (const call of ready) known.add(call.name);
    ordered.push(...ready);
    waiting = waiting.filter((call) => !ready.includes(call));
  }
  return ordered;
}

/** Names of layers in one call: `[["conv", 0, 0, {}], ...]`, or since Keras 3 tensors with a history, anywhere in `args`. */
function inboundNames(call: unknown, depth = 0): readonly string[] {
  if (depth > MOST_DEPTH) return [];
  if (Array.isArray(call)) return call.flatMap((part) => historyName(part, depth + 1));
  if (typeof call !== 'object' || call === null) return [];
  const { keras_history: history } = call as { keras_history?: unknown };
  if (Array.isArray(history)) return historyName(history);
  return Object.values(call).flatMap((part) =>
    Array.isArray(part) ? part.flatMap((inner) => inboundNames(inner, depth + 1)) : inboundNames(part, depth + 1),
  );
}

const historyName = (history: unknown, depth = 0): readonly string[] =>
  Array.isArray(history) && typeof history[0] === 'string' ? [history[0]] : inboundNames(history, depth);

/** What a configuration says in numbers and words. */
function attributesOf({ config }: LayerEntry): Readonly<Record<string, AttributeValue>> {
  return Object.fromEntries(
    Object.entries(config).flatMap(([name, value]) => {
      const plain = Array.isArray(value) ? value.flat() : value;
      return isAttribute(plain) ? [[name, plain] as const] : [];
    }),
  );
}

function isAttribute(value: unknown): value is AttributeValue {
  if (Array.isArray(value)) return value.every((item) => typeof item === 'number') || value.every((item) => typeof item === 'string');
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean';
}
