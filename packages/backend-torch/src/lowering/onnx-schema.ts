import protobuf from 'protobufjs/light.js';

/** Versions written into models: opset 17 with IR 8 is what `torch.onnx.export` defaults to and ONNX Runtime >= 1.12 reads. */
export const OPSET_VERSION = 17;
export const IR_VERSION = 8;

/** `TensorProto.DataType` */
export const FLOAT = 1;
export const INT64 = 7;

/** `AttributeProto.AttributeType` */
export const ATTRIBUTE_FLOAT = 1;
export const ATTRIBUTE_INT = 2;
export const ATTRIBUTE_STRING = 3;
export const ATTRIBUTE_INTS = 7;

/** Bytes that are made where the file has them, so that megabytes of weights exist only once. */
export interface LazyBytes {
  readonly length: number;
  /** @param target - as many bytes as `length` says */
  write(target: Uint8Array): void;
}

/** `TensorProto` with its elements as little-endian bytes in `rawData`. */
export interface TensorProto<Bytes = Uint8Array> {
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly name: string;
  readonly rawData: Bytes;
}

export interface AttributeProto {
  readonly name: string;
  readonly type: number;
  readonly f?: number;
  readonly i?: number;
  readonly s?: Uint8Array;
  readonly ints?: readonly number[];
}

export interface NodeProto {
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly name: string;
  readonly opType: string;
  /** Of other operators than those of ONNX. */
  readonly domain?: string;
  readonly attribute: readonly AttributeProto[];
}

/** A named value and its type: `elemType` and fixed sizes. */
export interface ValueInfoProto {
  readonly name: string;
  readonly type: { readonly tensorType: { readonly elemType: number; readonly shape: { readonly dim: readonly { dimValue: number }[] } } };
}

/** A model; the bytes of its tensors may be {@link LazyBytes} until it is serialised. */
export interface ModelProto<Bytes = Uint8Array> {
  readonly irVersion: number;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly opsetImport: readonly { readonly domain: string; readonly version: number }[];
  readonly metadataProps?: readonly { readonly key: string; readonly value: string }[];
  readonly graph: {
    readonly name: string;
    readonly node: readonly NodeProto[];
    readonly initializer: readonly TensorProto<Bytes>[];
    readonly input: readonly ValueInfoProto[];
    readonly output: readonly ValueInfoProto[];
  };
}

/** Tags of length-delimited fields: the field's number, wire type 2. */
const tagOf = (field: number): number => (field << 3) | 2;
const GRAPH_TAG = tagOf(7);
const INITIALIZER_TAG = tagOf(5);
const RAW_DATA_TAG = tagOf(9);

const optional = (type: string, id: number) => ({ type, id });
const repeated = (type: string, id: number) => ({ rule: 'repeated', type, id, options: { packed: false } });

/**
 * The part of `onnx.proto` (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto) that lowering writes, with its field
 * numbers, which never change.
 */
const root = protobuf.Root.fromJSON({
  nested: {
    StringStringEntryProto: { fields: { key: optional('string', 1), value: optional('string', 2) } },
    OperatorSetIdProto: { fields: { domain: optional('string', 1), version: optional('int64', 2) } },
    AttributeProto: {
      fields: {
        name: optional('string', 1),
        f: optional('float', 2),
        i: optional('int64', 3),
        s: optional('bytes', 4),
        ints: repeated('int64', 8),
        type: optional('int32', 20),
      },
    },
    NodeProto: {
      fields: {
        input: repeated('string', 1),
        output: repeated('string', 2),
        name: optional('string', 3),
        opType: optional('string', 4),
        attribute: repeated('AttributeProto', 5),
        domain: optional('string', 7),
      },
    },
    TensorProto: {
      fields: { dims: repeated('int64', 1), dataType: optional('int32', 2), name: optional('string', 8), rawData: optional('bytes', 9) },
    },
    Dimension: { fields: { dimValue: optional('int64', 1) } },
    TensorShapeProto: { fields: { dim: repeated('Dimension', 1) } },
    TensorTypeProto: { fields: { elemType: optional('int32', 1), shape: optional('TensorShapeProto', 2) } },
    TypeProto: { fields: { tensorType: optional('TensorTypeProto', 1) } },
    ValueInfoProto: { fields: { name: optional('string', 1), type: optional('TypeProto', 2) } },
    GraphProto: {
      fields: {
        node: repeated('NodeProto', 1),
        name: optional('string', 2),
        initializer: repeated('TensorProto', 5),
        input: repeated('ValueInfoProto', 11),
        output: repeated('ValueInfoProto', 12),
      },
    },
    ModelProto: {
      fields: {
        irVersion: optional('int64', 1),
        producerName: optional('string', 2),
        producerVersion: optional('string', 3),
        graph: optional('GraphProto', 7),
        opsetImport: repeated('OperatorSetIdProto', 8),
        metadataProps: repeated('StringStringEntryProto', 14),
      },
    },
  },
});

const modelType = root.lookupType('ModelProto');
const graphType = root.lookupType('GraphProto');
const tensorType = root.lookupType('TensorProto');

/**
 * Serialise a model; its fields come in the order of their numbers.
 *
 * Messages are put together from their parts here: protobufjs moves what it has written whenever it closes an enclosing
 * message or runs out of room, which for weights takes longer than everything else.
 */
export function encodeModel({ graph, opsetImport, metadataProps = [], ...model }: ModelProto<Uint8Array | LazyBytes>): Uint8Array {
  const { node, name, initializer, input, output } = graph;
  return join([
    encode(modelType, model),
    ...delimited(GRAPH_TAG, [
      encode(graphType, { node, name }),
      ...initializer.flatMap(({ rawData, ...tensor }) =>
        delimited(INITIALIZER_TAG, [encode(tensorType, tensor), ...delimited(RAW_DATA_TAG, [rawData])]),
      ),
      encode(graphType, { input, output }),
    ]),
    encode(modelType, { opsetImport, metadataProps }),
  ]);
}

function encode(type: protobuf.Type, message: object): Uint8Array {
  return type.encode(message).finish();
}

type Part = Uint8Array | LazyBytes;

const lengthOf = (parts: readonly Part[]): number => parts.reduce((sum, { length }) => sum + length, 0);

/** A field that holds the given bytes, one part after another. */
function delimited(tag: number, parts: readonly Part[]): readonly Part[] {
  return [protobuf.Writer.create().uint32(tag).uint32(lengthOf(parts)).finish(), ...parts];
}

function join(parts: readonly Part[]): Uint8Array {
  const file = new Uint8Array(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    if (part instanceof Uint8Array) file.set(part, at);
    else part.write(file.subarray(at, at + part.length));
    at += part.length;
  }
  return file;
}

/** Read a model written by {@link encodeModel}; parts of other models that lowering never writes are skipped. */
export function decodeModel(bytes: Uint8Array): ModelProto {
  return modelType.toObject(modelType.decode(bytes), { longs: Number, arrays: true }) as ModelProto;
}

/** A node as it lies in a file. */
export const encodeNode = (node: NodeProto): Uint8Array => encode(root.lookupType('NodeProto'), node);

/** A constant as it lies in a file. */
export const encodeTensor = (tensor: TensorProto): Uint8Array => encode(tensorType, tensor);

/** An input or output as it lies in a file. */
export const encodeValueInfo = (value: ValueInfoProto): Uint8Array => encode(root.lookupType('ValueInfoProto'), value);

/** Name and sizes of an input or output; a size is 0 where the file leaves it open. */
export function decodeValueInfo(bytes: Uint8Array): { readonly name: string; readonly shape: readonly number[] } {
  const type = root.lookupType('ValueInfoProto');
  const {
    name,
    type: { tensorType },
  } = type.toObject(type.decode(bytes), { longs: Number, defaults: true }) as ValueInfoProto;
  return { name, shape: (tensorType?.shape?.dim ?? []).map(({ dimValue }) => dimValue) };
}

/** The sizes of a constant as it lies in a file. */
export const decodeTensorShape = (bytes: Uint8Array): readonly number[] =>
  (tensorType.toObject(tensorType.decode(bytes), { longs: Number, arrays: true }) as TensorProto).dims;
