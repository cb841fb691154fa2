import { RuntimeFailureError } from '@nnm/core';
import { closeDimensions, ELEMENT_TYPES, type ElementType, fillInput } from '@nnm/native-kit';
import type { TorchSettings } from '../settings.ts';
import type { OrtApi, OrtObject, Pointer } from './c-api.ts';
import { type BoundPort, countElements, elementType, type Port } from './ports.ts';

/** `ONNXTensorElementDataType` */
const TYPE_NAMES: Readonly<Record<number, string>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  8: 'string',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  12: 'uint32',
  13: 'uint64',
  14: 'complex64',
  15: 'complex128',
  16: 'bfloat16',
};
const TYPE_NUMBERS = new Map(
  Object.entries(TYPE_NAMES).flatMap(([number, name]) =>
    Object.hasOwn(ELEMENT_TYPES, name) ? [[ELEMENT_TYPES[name as keyof typeof ELEMENT_TYPES] as ElementType, Number(number)] as const] : [],
  ),
);

const LOADING = 'loading a model';
const READING = 'reading the inputs and outputs of a model';

/** Remembers an object that belongs to a model and is freed with it. */
export type Own = (kind: OrtObject, object: Pointer) => Pointer;

/** Inputs or outputs of a session, as its model describes them: an input with an initialiser of its name is none. */
export function listPorts(
  backend: string,
  api: OrtApi,
  session: Pointer,
  side: 'Input' | 'Output',
  channelsLast: ReadonlySet<string>,
): readonly Port[] {
  const allocator = api.get('GetAllocatorWithDefaultOptions', READING);
  const count = Number(api.get(`SessionGet${side}Count`, READING, session));
  return Array.from({ length: count }, (_, index) => {
    const address = api.get(`SessionGet${side}Name`, READING, session, index, allocator);
    const name = api.text(address);
    api.call('AllocatorFree', READING, allocator, address);
    const typeInfo = api.get(`SessionGet${side}TypeInfo`, READING, session, index);
    try {
      // Belongs to typeInfo; null when the value is not a tensor.
      const tensorInfo = api.get('CastTypeInfoToTensorInfo', READING, typeInfo);
      const number = tensorInfo === 0n ? undefined : Number(api.get('GetTensorElementType', READING, tensorInfo));
      const type = elementType(backend, name, number === undefined ? undefined : (TYPE_NAMES[number] ?? `number ${number}`));
      const shape = readShape(api, tensorInfo);
      return { name, type, shape, dimensionNames: readDimensionNames(api, tensorInfo, shape.length), channelsLast: channelsLast.has(name) };
    } finally {
      api.release('TypeInfo', typeInfo);
    }
  });
}

/** Bind a tensor of the runtime's own to every input, filled for timing. */
export function bindInputs(
  backend: string,
  api: OrtApi,
  binding: Pointer,
  ports: readonly Port[],
  { DIMENSIONS, INPUTS }: TorchSettings,
  own: Own,
): readonly BoundPort[] {
  const shapes = closeDimensions(backend, ports, DIMENSIONS);
  return ports.map((port, index) => {
    const shape = shapes[index] as readonly number[];
    const bound = bindTensor(api, binding, 'Input', { ...port, shape }, own);
    fillInput(port, countElements(shape), INPUTS, (bytes, offset) => api.write(bound.address, offset, bytes));
    return bound;
  });
}

/** The outputs of a model: bound once where their sizes are known, else made anew by the runtime. */
export interface BoundOutputs {
  /** To be called before a run whose outputs may have other sizes than those of the last one. */
  forgetSizes(): void;
  /** Call with the outputs of the last run, whose memory is valid until it returns. */
  read<T>(work: (ports: readonly BoundPort[]) => T): T;
}

/** Bind every output. */
export function bindOutputs(backend: string, api: OrtApi, binding: Pointer, ports: readonly Port[], own: Own): BoundOutputs {
  const isOpen = ({ shape }: Port): boolean => shape.some((size) => size < 0);
  const fixed = new Map(ports.filter((port) => !isOpen(port)).map((port) => [port, bindTensor(api, binding, 'Output', port, own)]));
  const open = ports.filter(isOpen);
  const memory = open.length === 0 ? undefined : own('MemoryInfo', api.get('CreateCpuMemoryInfo', LOADING, ARENA, DEFAULT_MEMORY));
  const forgetSizes = (): void => {
    for (const { name } of open) api.call('BindOutputToDevice', LOADING, binding, name, memory);
  };
  forgetSizes();
  return {
    forgetSizes,
    read(work) {
      if (open.length === 0) return work(ports.map((port) => fixed.get(port) as BoundPort));
      const values = boundValues(api, binding, ports.length);
      try {
        return work(ports.map((port, index) => fixed.get(port) ?? readValue(backend, api, port, values[index])));
      } finally {
        for (const value of values) api.release('Value', value);
      }
    },
  };
}

const ARENA = 1;
const DEFAULT_MEMORY = 0;

function bindTensor(api: OrtApi, binding: Pointer, side: 'Input' | 'Output', port: Port, own: Own): BoundPort & { address: Pointer } {
  const { name, type, shape, channelsLast } = port;
  const allocator = api.get('GetAllocatorWithDefaultOptions', LOADING);
  const number = TYPE_NUMBERS.get(type);
  const value = own(
    'Value',
    api.get('CreateTensorAsOrtValue', LOADING, allocator, BigInt64Array.from(shape, BigInt), shape.length, number),
  );
  api.call(`Bind${side}`, LOADING, binding, name, value);
  const address = api.get('GetTensorMutableData', LOADING, value);
  return {
    name,
    type,
    shape,
    channelsLast,
    address,
    // A view counts as JavaScript's memory and is collected as such, which must not happen between timed runs.
    get bytes() {
      return new Uint8Array(api.memory(address, type.bytes * countElements(shape)));
    },
  };
}

/** Handles of the outputs of the last run, to be released; in the order in which they were bound. */
function boundValues(api: OrtApi, binding: Pointer, count: number): readonly Pointer[] {
  const allocator = api.get('GetAllocatorWithDefaultOptions', READING);
  const [values, found] = [new BigUint64Array(1), new BigUint64Array(1)];
  api.call('GetBoundOutputValues', READING, binding, allocator, values, found);
  const address = values[0] as Pointer;
  const handles = Array.from(new BigUint64Array(api.memory(address, 8 * Math.min(count, Number(found[0])))));
  api.call('AllocatorFree', READING, allocator, address);
  return handles;
}

function readValue(backend: string, api: OrtApi, { name, type, channelsLast }: Port, value: Pointer | undefined): BoundPort {
  if (value === undefined) throw new RuntimeFailureError({ backend, doing: 'reading an output', reason: `there is no "${name}"` });
  const info = api.get('GetTensorTypeAndShape', READING, value);
  const shape = readShape(api, info);
  api.release('TensorTypeAndShapeInfo', info);
  const address = api.get('GetTensorMutableData', READING, value);
  return { name, type, channelsLast, shape, bytes: new Uint8Array(api.memory(address, type.bytes * countElements(shape))) };
}

function readShape(api: OrtApi, tensorInfo: Pointer): readonly number[] {
  const sizes = new BigInt64Array(Number(api.get('GetDimensionsCount', READING, tensorInfo)));
  api.call('GetDimensions', READING, tensorInfo, sizes, sizes.length);
  return Array.from(sizes, Number);
}

function readDimensionNames(api: OrtApi, tensorInfo: Pointer, rank: number): readonly (string | undefined)[] {
  const names = new BigUint64Array(rank);
  api.call('GetSymbolicDimensions', READING, tensorInfo, names, rank);
  return Array.from(names, (address) => (address === 0n ? undefined : api.text(address) || undefined));
}
