import { type ModelNotes, notesMetadata } from './model-metadata.ts';
import type { AttributeProto, LazyBytes, ModelProto, NodeProto, TensorProto } from './onnx-schema.ts';
import {
  ATTRIBUTE_FLOAT,
  ATTRIBUTE_INT,
  ATTRIBUTE_INTS,
  ATTRIBUTE_STRING,
  FLOAT,
  INT64,
  IR_VERSION,
  OPSET_VERSION,
} from './onnx-schema.ts';

/** Attributes of a node: an integer, a list of integers, a text, or `{ float }`. */
export type Attributes = Readonly<Record<string, number | string | readonly number[] | { readonly float: number }>>;

/** Name and sizes of an input or output, in the model's own layout. */
export interface Port {
  readonly name: string;
  readonly shape: readonly number[];
  /** True for four axes that are in the graph's order and not `[n, c, h, w]`. */
  readonly channelsLast?: boolean;
}

/** Collects nodes and constants of an ONNX graph and keeps their names unique. */
export class OnnxWriter {
  private readonly nodes: NodeProto[] = [];
  private readonly initializers: TensorProto<Uint8Array | LazyBytes>[] = [];
  private readonly names: Set<string>;
  private readonly shared = new Map<string, string>();

  /** @param reserved - names that are given: those of the kernel graph's values */
  constructor(reserved: Iterable<string>) {
    this.names = new Set(reserved);
  }

  /** A name not used yet: the wish, or the wish with underscores behind. */
  unusedName(wish: string): string {
    let name = wish;
    while (this.names.has(name)) name += '_';
    this.names.add(name);
    return name;
  }

  /** Add a node; returns its first output. */
  node(opType: string, inputs: readonly string[], outputs: readonly string[], attributes: Attributes = {}): string {
    const attribute = Object.entries(attributes).map(([name, value]) => toAttribute(name, value));
    this.nodes.push({ opType, name: `${opType}_${this.nodes.length}`, input: inputs, output: outputs, attribute });
    return outputs[0] as string;
  }

  /** Add a float32 constant; returns its name. */
  floats(wish: string, dims: readonly number[], data: Float32Array | LazyBytes): string {
    const name = this.unusedName(wish);
    const rawData = ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : data;
    this.initializers.push({ name, dims, dataType: FLOAT, rawData });
    return name;
  }

  /** Add a list of 64-bit integers; returns its name. */
  integers(wish: string, values: readonly number[]): string {
    const name = this.unusedName(wish);
    const rawData = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    this.initializers.push({ name, dims: [values.length], dataType: INT64, rawData });
    return name;
  }

  /** A float32 scalar, stored once however often it is used. */
  scalar(value: number): string {
    const key = `constant_${value}`;
    const known = this.shared.get(key);
    if (known !== undefined) return known;
    const name = this.floats(key, [], Float32Array.of(value));
    this.shared.set(key, name);
    return name;
  }

  /** The finished model. */
  finish(
    name: string,
    inputs: readonly Port[],
    outputs: readonly Port[],
    producerVersion: string,
    isPart: ModelNotes['isPart'],
  ): ModelProto<Uint8Array | LazyBytes> {
    const channelsLast = [...inputs, ...outputs].filter((port) => port.channelsLast).map((port) => port.name);
    return {
      irVersion: IR_VERSION,
      producerName: 'nnm',
      producerVersion,
      opsetImport: [{ domain: '', version: OPSET_VERSION }],
      graph: { name, node: this.nodes, initializer: this.initializers, input: inputs.map(toValueInfo), output: outputs.map(toValueInfo) },
      ...notesMetadata({ channelsLast: new Set(channelsLast), isPart }),
    };
  }
}

/** An attribute of a node. */
export function toAttribute(name: string, value: Attributes[string]): AttributeProto {
  if (typeof value === 'number') return { name, type: ATTRIBUTE_INT, i: value };
  if (typeof value === 'string') return { name, type: ATTRIBUTE_STRING, s: new TextEncoder().encode(value) };
  if ('float' in value) return { name, type: ATTRIBUTE_FLOAT, f: value.float };
  return { name, type: ATTRIBUTE_INTS, ints: value };
}

/** An input or output with its sizes. */
export function toValueInfo({ name, shape }: Port) {
  return { name, type: { tensorType: { elemType: FLOAT, shape: { dim: shape.map((dimValue) => ({ dimValue })) } } } };
}
