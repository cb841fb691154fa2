import type { BoundPort, Port } from '../native/ports.ts';
import { countElements, elementType } from '../native/ports.ts';
import { type OrtWasm, POINTER } from './ort-wasm.ts';

/** ONNX's names of element types by their numbers. */
const TYPES = [
  ...[
    'undefined',
    'float32',
    'uint8',
    'int8',
    'uint16',
    'int16',
    'int32',
    'int64',
    'string',
    'bool',
    'float16',
    'float64',
    'uint32',
    'uint64',
  ],
  ...['complex64', 'complex128', 'bfloat16'],
];
const ON_CPU = 1;

/** A port and where the module has its name. */
export interface NamedPort extends Port {
  readonly nameAddress: number;
}

/** An input or output of a session. */
export function describePort(backend: string, wasm: OrtWasm, session: number, index: number, channelsLast: ReadonlySet<string>): NamedPort {
  const place = wasm._malloc(2 * POINTER);
  wasm._OrtGetInputOutputMetadata(session, index, place, place + POINTER);
  const nameAddress = wasm.HEAPU32[place / POINTER] as number;
  const metadata = (wasm.HEAPU32[place / POINTER + 1] as number) / POINTER;
  wasm._free(place);
  const name = wasm.UTF8ToString(nameAddress);
  try {
    const type = wasm.HEAPU32[metadata] as number;
    const elements = elementType(backend, name, type === 0 ? undefined : (TYPES[type] ?? `number ${type}`));
    const axes = Array.from({ length: wasm.HEAPU32[metadata + 1] as number }, (_, axis) => axis);
    const names = axes.map((axis) => wasm.HEAPU32[metadata + 2 + axis] as number);
    return {
      name,
      nameAddress,
      type: elements,
      shape: axes.map((axis) => (names[axis] === 0 ? (wasm.HEAP32[metadata + 2 + axes.length + axis] as number) : -1)),
      dimensionNames: names.map((address) => (address === 0 ? undefined : wasm.UTF8ToString(address) || undefined)),
      channelsLast: channelsLast.has(name),
    };
  } finally {
    wasm._OrtFree(metadata * POINTER);
  }
}

/** A tensor in the module's memory. */
export interface WasmTensor extends BoundPort {
  readonly handle: number;
  release(): void;
}

/** Make the tensor of a port; its bytes are found anew at every use, since memory that grows moves. */
export function createTensor(wasm: OrtWasm, { name, type, channelsLast }: Port, shape: readonly number[]): WasmTensor {
  const size = type.bytes * countElements(shape);
  const data = wasm._malloc(Math.max(1, size));
  const sizes = wasm._malloc(Math.max(1, POINTER * shape.length));
  shape.forEach((length, axis) => {
    wasm.HEAP32[sizes / POINTER + axis] = length;
  });
  const handle = data === 0 ? 0 : wasm._OrtCreateTensor(TYPES.indexOf(type.name), data, size, sizes, shape.length, ON_CPU);
  wasm._free(sizes);
  if (handle === 0) {
    wasm._free(data);
    throw new Error(`there is no memory for "${name}"`);
  }
  return {
    name,
    type,
    channelsLast,
    shape,
    handle,
    get bytes() {
      return wasm.HEAPU8.subarray(data, data + size);
    },
    release() {
      wasm._OrtReleaseTensor(handle);
      wasm._free(data);
    },
  };
}

/** A tensor that the runtime has made, as it lies in the module's memory. */
export function readTensor(wasm: OrtWasm, { name, type, channelsLast }: Port, handle: number): BoundPort {
  const place = wasm._malloc(4 * POINTER);
  wasm._OrtGetTensorData(handle, place, place + POINTER, place + 2 * POINTER, place + 3 * POINTER);
  const [, data, sizes, axes] = wasm.HEAPU32.subarray(place / POINTER, place / POINTER + 4) as unknown as [number, number, number, number];
  const shape = [...wasm.HEAP32.subarray(sizes / POINTER, sizes / POINTER + axes)];
  wasm._OrtFree(sizes);
  wasm._free(place);
  return { name, type, channelsLast, shape, bytes: wasm.HEAPU8.subarray(data, data + type.bytes * countElements(shape)) };
}
