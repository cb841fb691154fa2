import { decodeTensorShape, encodeValueInfo } from '../lowering/onnx-schema.ts';
import { toValueInfo } from '../lowering/onnx-writer.ts';
import { field } from './message.ts';
import { type FileNode, type ModelFile, readModelFile, writeModelFile } from './model-file.ts';
import type { Boundary, Surrounded } from './surround.ts';

const REORDERS = { in: 'ReorderInput', out: 'ReorderOutput' } as const;
/** Of operators on blocked channels. */
export const BLOCKED_DOMAIN = 'com.microsoft.nchwc';

/** Where a part begins or ends in an optimised model, and what is beyond that. */
interface Cut {
  readonly value: string;
  readonly shape: readonly number[];
  readonly beyond: readonly FileNode[];
}

/**
 * Cut a part out of the optimised model that it was surrounded in, together with the reorders that only its neighbours need: those behind
 * an input that everything reads through one, and before an output.
 *
 * @param optimised - as the runtime saved it
 * @returns a model to be run as it is, its inputs and outputs blocked where the runtime blocks them; undefined when the runtime has
 * changed the part beyond recognition, such as into nothing
 */
export function cutOut(optimised: Uint8Array, { inputs, outputs }: Pick<Surrounded, 'inputs' | 'outputs'>): Uint8Array | undefined {
  const file = readModelFile(optimised);
  const begins = inputs.map((boundary) => cutBefore(boundary, file));
  const ends = outputs.map((boundary) => cutBehind(boundary, file));
  const cuts = [...begins, ...ends];
  if (!cuts.every((cut) => cut !== undefined)) return undefined;
  const beyond = new Set(cuts.flatMap((cut) => cut.beyond));
  const nodes = file.nodes.filter((node) => !beyond.has(node));
  const made = new Set(nodes.flatMap((node) => node.outputs));
  const read = new Set(nodes.flatMap((node) => node.inputs));
  const names = ends.map((cut) => (cut as Cut).value);
  const isWhole = nodes.length > 0 && names.every((name) => made.has(name)) && new Set(names).size === names.length;
  if (!isWhole || begins.some((cut) => made.has((cut as Cut).value))) return undefined;
  return writeModelFile({
    ...file,
    nodes,
    initializers: new Map([...file.initializers].filter(([name]) => read.has(name))),
    inputs: declare(file.inputs, inputs, begins as readonly Cut[]),
    outputs: declare(file.outputs, outputs, ends as readonly Cut[]),
  });
}

const readersOf = (value: string, { nodes }: ModelFile): readonly FileNode[] => nodes.filter((node) => node.inputs.includes(value));
const makerOf = (value: string, { nodes }: ModelFile): FileNode | undefined => nodes.find((node) => node.outputs.includes(value));

/** Follow an input through its neighbour: a reorder where there is one, the convolution, its activation where that is a node. */
function cutBefore({ beyond, shape }: Boundary, file: ModelFile): Cut | undefined {
  const passed: FileNode[] = [];
  let value = beyond;
  const pass = (accepts: (node: FileNode) => boolean): FileNode | undefined => {
    const [reader, ...others] = readersOf(value, file);
    if (reader === undefined || others.length > 0 || !accepts(reader)) return undefined;
    passed.push(reader);
    value = reader.outputs[0] as string;
    return reader;
  };
  pass(({ operator }) => operator === REORDERS.in);
  const convolution = pass(isConvolution);
  if (convolution === undefined) return undefined;
  pass(({ operator }) => operator === 'Tanh');
  const plain = pass(({ operator }) => operator === REORDERS.out) !== undefined;
  return { value, beyond: passed, shape: plain ? shape : shapeBy(convolution, shape, file) };
}

/** Follow an output back through its neighbour. */
function cutBehind({ beyond, shape }: Boundary, file: ModelFile): Cut | undefined {
  const passed: FileNode[] = [];
  let value = beyond;
  const pass = (accepts: (node: FileNode) => boolean): FileNode | undefined => {
    const maker = makerOf(value, file);
    if (maker === undefined || !accepts(maker)) return undefined;
    passed.push(maker);
    value = maker.inputs[0] as string;
    return maker;
  };
  pass(({ operator }) => operator === REORDERS.out);
  const convolution = pass(isConvolution);
  if (convolution === undefined) return undefined;
  const reorder = makerOf(value, file);
  const plain = reorder?.operator === REORDERS.in && readersOf(value, file).length === 1 && pass(() => true) !== undefined;
  return { value, beyond: passed, shape: plain ? shape : shapeBy(convolution, shape, file) };
}

const isConvolution = ({ operator }: FileNode): boolean => operator === 'Conv' || operator === 'FusedConv';

/** Blocked values have whole blocks of channels, as many as the weights of the depthwise convolution next to them. */
function shapeBy(convolution: FileNode, [n, c, h, w]: readonly number[], { initializers }: ModelFile): readonly number[] {
  const weight = initializers.get(convolution.inputs[1] as string);
  const isBlocked = convolution.domain === BLOCKED_DOMAIN && weight !== undefined;
  const channels = isBlocked ? decodeTensorShape(weight.content)[0] : c;
  return [n, channels, h, w] as readonly number[];
}

function declare(ports: ModelFile['inputs'], boundaries: readonly Boundary[], cuts: readonly Cut[]): ModelFile['inputs'] {
  return new Map(
    [...ports].map(([name, port]) => {
      const at = boundaries.findIndex(({ beyond }) => beyond === name);
      if (at < 0) return [name, port];
      const { value, shape } = cuts[at] as Cut;
      return [value, field(port.number, encodeValueInfo(toValueInfo({ name: value, shape })))];
    }),
  );
}
