import { readNotes } from '../lowering/model-metadata.ts';
import { decodeValueInfo, encodeNode, encodeTensor, encodeValueInfo, FLOAT, type NodeProto } from '../lowering/onnx-schema.ts';
import { toAttribute, toValueInfo } from '../lowering/onnx-writer.ts';
import { field } from './message.ts';
import { type FileNode, IN_GRAPH, type ModelFile, readModelFile, readNode, writeModelFile } from './model-file.ts';

/** Depthwise convolutions run on blocked channels where these are a multiple of so many, whatever the size of a block. */
const CHANNELS = 4;

/** An input or output of a part, and the name of what lies beyond the convolution that stands for its neighbour. */
export interface Boundary {
  readonly name: string;
  readonly beyond: string;
  /** `[n, c, h, w]` */
  readonly shape: readonly number[];
}

/** A part with neighbours. */
export interface Surrounded {
  readonly model: Uint8Array;
  readonly inputs: readonly Boundary[];
  readonly outputs: readonly Boundary[];
}

/**
 * Put a part between neighbours like those that it has in a network: a depthwise convolution with an activation before every input that is
 * an image, a depthwise convolution behind every such output. The runtime then keeps and blocks channels at the part's boundary as it
 * does in the network.
 *
 * @returns undefined for a part without images that a network would have blocked
 */
export function surround(bytes: Uint8Array): Surrounded | undefined {
  const file = readModelFile(bytes);
  const { channelsLast } = readNotes(bytes);
  const boundaries = (ports: ModelFile['inputs']): readonly Boundary[] =>
    [...ports.values()]
      .map(({ content }) => decodeValueInfo(content))
      .filter(({ name, shape }) => shape.length === 4 && !channelsLast.has(name) && (shape[1] as number) % CHANNELS === 0)
      .filter(({ name, shape }) => shape.every((size) => size > 0) && !file.initializers.has(name))
      .map(({ name, shape }) => ({ name, beyond: `${name}/beyond`, shape }));
  const [inputs, outputs] = [boundaries(file.inputs), boundaries(file.outputs)];
  if (inputs.length === 0 && outputs.length === 0) return undefined;
  const before = inputs.flatMap(({ name, beyond, shape }) => [
    convolution(beyond, `${name}/before`, shape),
    // Not ReLU, which a limit behind it would swallow.
    node({ opType: 'Tanh', name: `${name}/tanh`, input: [`${name}/before`], output: [name], attribute: [] }),
  ]);
  const behind = outputs.map(({ name, beyond, shape }) => convolution(name, beyond, shape));
  const weights = [
    ...inputs.map(({ name, shape }) => weight(`${name}/before`, shape)),
    ...outputs.map(({ beyond, shape }) => weight(beyond, shape)),
  ];
  return {
    inputs,
    outputs,
    model: writeModelFile({
      ...file,
      nodes: [...before, ...file.nodes, ...behind],
      initializers: new Map([...file.initializers, ...weights]),
      inputs: declare(file.inputs, inputs),
      outputs: declare(file.outputs, outputs),
    }),
  };
}

const node = (proto: NodeProto): FileNode => readNode(field(IN_GRAPH.node, encodeNode(proto)));

const weightName = (output: string): string => `${output}/weight`;

/** A depthwise convolution with a window of one pixel. */
const convolution = (input: string, output: string, [, channels]: readonly number[]): FileNode =>
  node({
    opType: 'Conv',
    name: output,
    input: [input, weightName(output)],
    output: [output],
    attribute: [toAttribute('group', channels as number), toAttribute('kernel_shape', [1, 1])],
  });

function weight(output: string, [, channels]: readonly number[]): readonly [string, ReturnType<typeof field>] {
  const name = weightName(output);
  const rawData = new Uint8Array(new Float32Array(channels as number).fill(1).buffer);
  return [name, field(IN_GRAPH.initializer, encodeTensor({ name, dims: [channels as number, 1, 1, 1], dataType: FLOAT, rawData }))];
}

/** The declarations of a file with those of `boundaries` moved beyond them; the order stays. */
function declare(ports: ModelFile['inputs'], boundaries: readonly Boundary[]): ModelFile['inputs'] {
  return new Map(
    [...ports].map(([name, port]) => {
      const moved = boundaries.find((boundary) => boundary.name === name);
      if (moved === undefined) return [name, port];
      return [moved.beyond, field(port.number, encodeValueInfo(toValueInfo({ name: moved.beyond, shape: moved.shape })))];
    }),
  );
}
