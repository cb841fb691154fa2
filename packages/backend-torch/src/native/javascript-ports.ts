import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { type BoundPort, countElements, elementType, type Port } from './ports.ts';

/** What is used of ONNX Runtime's interface for JavaScript, which is the same in all of its packages. */
export type Ort = Pick<typeof import('onnxruntime-node'), 'InferenceSession' | 'Tensor'>;

/** What onnxruntime-node takes and gives for each type of elements. */
const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
} as const;

/** An input or output as a session describes it. */
export function describePort(backend: string, value: InferenceSession.ValueMetadata, channelsLast: ReadonlySet<string>): Port {
  const { name } = value;
  const type = elementType(backend, name, value.isTensor ? value.type : undefined);
  const sizes = value.isTensor ? value.shape : [];
  return {
    name,
    type,
    shape: sizes.map((size) => (typeof size === 'number' ? size : -1)),
    dimensionNames: sizes.map((size) => (typeof size === 'string' && size !== '' ? size : undefined)),
    channelsLast: channelsLast.has(name),
  };
}

/** Memory of JavaScript's for a port. */
export function allocate({ name, type, channelsLast }: Port, shape: readonly number[]): BoundPort {
  return { name, type, channelsLast, shape, bytes: new Uint8Array(type.bytes * countElements(shape)) };
}

/** A tensor that the runtime has made. */
export function readValue({ name, type, channelsLast }: Port, { dims, data }: OrtTensor): BoundPort {
  const { buffer, byteOffset, byteLength } = data as Uint8Array;
  return { name, type, channelsLast, shape: dims, bytes: new Uint8Array(buffer, byteOffset, byteLength) };
}

/** The tensor of a port, over its memory. */
export function toTensor(ort: Ort, { type, bytes, shape }: BoundPort): OrtTensor {
  // The constructor of a tensor knows one kind of array for each name; which one goes with which is what ARRAYS says.
  const Elements = ARRAYS[type.name as keyof typeof ARRAYS] as unknown as new (memory: ArrayBufferLike) => Float32Array;
  const elements = new Elements(bytes.buffer);
  const tensor = new ort.Tensor(type.name as 'float32', elements, shape);
  // Where there is Float16Array, as from Node 24 on, a tensor makes one of what it is given, and onnxruntime-node does not take it.
  return tensor.data instanceof Elements ? tensor : Object.create(tensor, { data: { value: elements } });
}
