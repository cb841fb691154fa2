import { type Field, field, fieldsOf, messageOf, textsOf } from './message.ts';

/** Field number in `ModelProto`. */
const GRAPH = 7;
/** Field numbers in `GraphProto`. */
export const IN_GRAPH = { node: 1, initializer: 5, input: 11, output: 12, valueInfo: 13 } as const;
/** Field numbers in `NodeProto` and `TensorProto`. */
const IN_NODE = { input: 1, output: 2, name: 3, opType: 4, attribute: 5, domain: 7 } as const;
const IN_ATTRIBUTE = { name: 1, text: 4 } as const;
const IN_TENSOR = { name: 8 } as const;

/** A node of a model file: what it reads and makes, and itself as it lies there. */
export interface FileNode {
  readonly operator: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly name: string;
  /** Attributes that are texts. */
  readonly texts: ReadonlyMap<string, string>;
  readonly field: Field;
}

/** An ONNX file taken apart as far as a part of it can be cut out; everything else is kept as it is. */
export interface ModelFile {
  readonly nodes: readonly FileNode[];
  /** By name. */
  readonly initializers: ReadonlyMap<string, Field>;
  /** Declared inputs and outputs, by name. */
  readonly inputs: ReadonlyMap<string, Field>;
  readonly outputs: ReadonlyMap<string, Field>;
  /** What else the graph has, and what the model has besides its graph. */
  readonly otherInGraph: readonly Field[];
  readonly otherInModel: readonly Field[];
}

/** Take a model file apart. */
export function readModelFile(bytes: Uint8Array): ModelFile {
  const model = fieldsOf(bytes);
  const graph = fieldsOf(model.find(({ number }) => number === GRAPH)?.content ?? new Uint8Array(0));
  const numbered = (number: number): readonly Field[] => graph.filter((one) => one.number === number);
  const byName = (fields: readonly Field[], nameField: number): ReadonlyMap<string, Field> =>
    new Map(fields.map((one) => [textsOf(fieldsOf(one.content), nameField)[0] ?? '', one]));
  const known: readonly number[] = Object.values(IN_GRAPH);
  return {
    nodes: numbered(IN_GRAPH.node).map(readNode),
    initializers: byName(numbered(IN_GRAPH.initializer), IN_TENSOR.name),
    inputs: byName(numbered(IN_GRAPH.input), 1),
    outputs: byName(numbered(IN_GRAPH.output), 1),
    otherInGraph: graph.filter(({ number }) => !known.includes(number)),
    otherInModel: model.filter(({ number }) => number !== GRAPH),
  };
}

/** A node that lies in a file. */
export function readNode(node: Field): FileNode {
  const fields = fieldsOf(node.content);
  return {
    operator: textsOf(fields, IN_NODE.opType)[0] ?? '',
    domain: textsOf(fields, IN_NODE.domain)[0] ?? '',
    inputs: textsOf(fields, IN_NODE.input),
    outputs: textsOf(fields, IN_NODE.output),
    name: textsOf(fields, IN_NODE.name)[0] ?? '',
    texts: new Map(fields.filter(({ number }) => number === IN_NODE.attribute).flatMap(({ content }) => textAttribute(fieldsOf(content)))),
    field: node,
  };
}

function textAttribute(fields: readonly Field[]): readonly (readonly [string, string])[] {
  const [name] = textsOf(fields, IN_ATTRIBUTE.name);
  const [text] = textsOf(fields, IN_ATTRIBUTE.text);
  return name === undefined || text === undefined ? [] : [[name, text]];
}

/** Put a model file together again; shapes of values between its nodes are left to the runtime. */
export function writeModelFile({ nodes, initializers, inputs, outputs, otherInGraph, otherInModel }: ModelFile): Uint8Array {
  const graph = messageOf([
    ...nodes.map((node) => node.field),
    ...otherInGraph,
    ...initializers.values(),
    ...inputs.values(),
    ...outputs.values(),
  ]);
  return messageOf([...otherInModel, field(GRAPH, graph)]);
}
