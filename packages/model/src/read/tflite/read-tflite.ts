import type { ModelGraph, ModelTensor } from '../../graph/model-graph.ts';
import type { ByteSource } from '../byte-source.ts';
import type { ReadContext } from '../read-options.ts';
import { tensorElements } from './elements.ts';
import { Flatbuffer } from './flatbuffer.ts';
import { foldConstants } from './fold-constants.ts';
import { checkReferences, nameNodes, nameTensors } from './names.ts';
import { parseModel, type TfliteFile, type TfliteSubgraph, type TfliteTensor } from './parse-model.ts';
import { pinShapes } from './pin-shapes.ts';
import { FILE_IDENTIFIER } from './schema.ts';

/**
 * Read a TensorFlow Lite model, or one of its signatures, without its weights.
 *
 * What the runtime does once, when it loads a model, is no node: weights that are stored as float16 or sparse are constants. Neither is
 * what computes shapes from shapes. Sizes that the file leaves open are those of `context.shapes`; an open batch is the file's own, and
 * noted.
 *
 * @throws {@link InvalidModelError} when the file is not such a model, or is damaged
 * @throws {@link FreeDimensionError} when sizes stay open
 */
export function readTflite(source: ByteSource, context: ReadContext): ModelGraph {
  const file = new Flatbuffer(source, context.name);
  checkIdentifier(file);
  const model = parseModel(file);
  const { subgraph, aliases } = chooseSubgraph(file, model, context.signature);
  checkReferences(file, model, subgraph);
  const names = nameTensors(subgraph.tensors);
  const pinned = pinShapes(subgraph, names, aliases, context);
  const constants = constantTensors(model, subgraph);
  const tensors = subgraph.tensors.map((tensor, index): ModelTensor => {
    const shape = pinned.shapes[index];
    const isConstant = constants.has(index);
    const values = isConstant ? tensorElements(file, tensor, model.buffers[tensor.buffer]!) : undefined;
    return { name: names[index]!, ...(shape && { shape }), dtype: tensor.dtype, constant: isConstant, ...(values && { values }) };
  });
  const nodes = nameNodes(model, subgraph, names);
  const folded = foldConstants(nodes, tensors);
  return {
    name: context.name,
    format: 'tflite',
    ...(model.description !== '' && { producer: model.description }),
    opsets: {},
    tensors: new Map(mentioned(folded, subgraph, names).map((name) => [name, folded.tensors.get(name)!])),
    nodes: folded.nodes,
    inputs: subgraph.inputs.map((index) => names[index]!),
    outputs: subgraph.outputs.map((index) => names[index]!),
    weightBytes: sumBuffers(model, subgraph, constants),
    ...(pinned.notes.length > 0 && { notes: pinned.notes }),
  };
}

function checkIdentifier(file: Flatbuffer): void {
  if (file.size < 8) file.fail(`has ${file.size} bytes, which is less than the shortest .tflite file`);
  const start = file.bytes(0, 8);
  const text = String.fromCharCode(...start);
  if (text.slice(4) === FILE_IDENTIFIER) return;
  file.fail(
    `is not a .tflite file: it has no "${FILE_IDENTIFIER}" at byte 4`,
    'MediaPipe packs several models into one .task or _packed_assets.data file: take the .tflite out of it first.',
  );
}

/** The subgraph of a signature: the named one, else the file's first, else the first subgraph; and names its users know inputs by. */
function chooseSubgraph(
  file: Flatbuffer,
  { subgraphs, signatures }: TfliteFile,
  key: string | undefined,
): { readonly subgraph: TfliteSubgraph; readonly aliases: ReadonlyMap<string, number> } {
  if (subgraphs.length === 0) file.fail('has no graph');
  const signature = key === undefined ? signatures[0] : signatures.find((known) => known.key === key);
  if (signature === undefined && key !== undefined) {
    const known = signatures.map((other) => `"${other.key}"`).join(', ');
    file.fail(`has no signature "${key}"; it has ${known || 'none'}`, 'Take one of its own signatures, or none for its first.');
  }
  const index = signature?.subgraph ?? 0;
  const subgraph = subgraphs[index] ?? file.fail(`is damaged: a signature is of graph ${index} of ${subgraphs.length}`);
  if (subgraph.operators.length === 0) file.fail('has a graph without operators');
  return { subgraph, aliases: signature?.inputs ?? new Map() };
}

/** Indices of tensors that have elements in the file, or none at all, and that nothing computes. */
function constantTensors({ buffers }: TfliteFile, subgraph: TfliteSubgraph): ReadonlySet<number> {
  const given = new Set([...subgraph.inputs, ...subgraph.operators.flatMap(({ outputs }) => outputs)]);
  const isConstant = ({ buffer, shape, isVariable }: TfliteTensor): boolean =>
    !isVariable && (buffers[buffer]!.bytes > 0 || shape.includes(0));
  return new Set(subgraph.tensors.flatMap((tensor, index) => (!given.has(index) && isConstant(tensor) ? [index] : [])));
}

/** Several tensors may share a buffer. */
function sumBuffers({ buffers }: TfliteFile, { tensors }: TfliteSubgraph, constants: ReadonlySet<number>): number {
  const used = new Set([...constants].map((index) => tensors[index]!.buffer));
  return [...used].reduce((sum, buffer) => sum + buffers[buffer]!.bytes, 0);
}

/** Names of the tensors that are left: those of nodes, inputs and outputs. */
function mentioned(folded: ReturnType<typeof foldConstants>, subgraph: TfliteSubgraph, names: readonly string[]): readonly string[] {
  const ends = [...subgraph.inputs, ...subgraph.outputs].map((index) => names[index]!);
  const all = [...ends, ...folded.nodes.flatMap(({ inputs, outputs }) => [...inputs, ...outputs])];
  return [...new Set(all)].filter((name) => name !== '');
}
