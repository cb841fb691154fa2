import { InvalidArgumentError, RuntimeFailureError, type Tensor } from '@nnm/core';
import { decodeElements, ELEMENT_TYPES, type ElementType, encodeElements, fillInput, type InputValues } from '@nnm/native-kit';
import koffi from 'koffi';
import { OK, type Pointer, type TfliteApi } from './bindings.ts';

/** `TfLiteType` */
const TYPE_NAMES: Readonly<Record<number, string>> = {
  1: 'float32',
  2: 'int32',
  3: 'uint8',
  4: 'int64',
  5: 'string',
  6: 'bool',
  7: 'int16',
  8: 'complex64',
  9: 'int8',
  10: 'float16',
  11: 'float64',
  12: 'complex128',
  13: 'uint64',
  14: 'resource',
  15: 'variant',
  16: 'uint32',
  17: 'uint16',
  18: 'int4',
};

/** An input or output of a loaded model. Quantised numbers are the stored integers. */
export interface BoundTensor {
  readonly name: string;
  readonly pointer: Pointer;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly bytes: number;
}

/**
 * What a tensor is now: sizes of outputs may differ from run to run.
 *
 * @throws {@link RuntimeFailureError} naming the tensor, for strings and whatever numbers cannot stand for
 */
export function describeTensor(backend: string, api: TfliteApi, pointer: Pointer): BoundTensor {
  const name = api.tensorName(pointer);
  const number = api.tensorType(pointer);
  const typeName = TYPE_NAMES[number] ?? `number ${number}`;
  if (!Object.hasOwn(ELEMENT_TYPES, typeName)) {
    const reason = `"${name}" holds elements of type ${typeName}; inputs and outputs must be tensors of numbers or booleans`;
    throw new RuntimeFailureError({ backend, doing: 'loading a model', reason });
  }
  const shape = Array.from({ length: api.tensorNumDims(pointer) }, (_, index) => api.tensorDim(pointer, index));
  const type = ELEMENT_TYPES[typeName as keyof typeof ELEMENT_TYPES];
  return { name, pointer, type, shape, bytes: Number(api.tensorByteSize(pointer)) };
}

/** Fill an input for timing, straight in the runtime's memory. */
export function fillTensor(backend: string, api: TfliteApi, tensor: BoundTensor, values: InputValues | undefined): void {
  const { name, pointer, type, bytes } = tensor;
  if (bytes === 0) return;
  const data = api.tensorData(pointer);
  if (data === null) throw new RuntimeFailureError({ backend, doing: 'writing an input', reason: `"${name}" has no memory` });
  fillInput(tensor, bytes / type.bytes, values, (piece, offset) => koffi.encode(data, offset, 'uint8_t', piece, piece.length));
}

/** @throws {@link InvalidArgumentError} for a number that the type does not hold */
export function writeTensor(backend: string, api: TfliteApi, tensor: BoundTensor, data: Float32Array, index: number): void {
  const { pointer, type, bytes } = tensor;
  let stored: ArrayBufferView = data;
  if (type !== ELEMENT_TYPES.float32) {
    const view = new DataView(new ArrayBuffer(bytes));
    encodeElements(type, data, view, `inputs[${index}]`);
    stored = new Uint8Array(view.buffer);
  }
  if (api.copyFrom(pointer, stored, bytes) !== OK) {
    throw new RuntimeFailureError({ backend, doing: 'writing an input', reason: `it wants ${bytes} bytes` });
  }
}

/** A copy of an output. */
export function readTensor(backend: string, api: TfliteApi, pointer: Pointer): Tensor {
  const { type, shape, bytes } = describeTensor(backend, api, pointer);
  const stored = new Uint8Array(bytes);
  if (bytes > 0 && api.copyTo(pointer, stored, bytes) !== OK) {
    throw new RuntimeFailureError({ backend, doing: 'reading an output', reason: `it has not ${bytes} bytes` });
  }
  return { shape, data: decodeElements(type, new DataView(stored.buffer), bytes / type.bytes) };
}

/** @throws {@link InvalidArgumentError} when the number of inputs or their sizes are not the model's */
export function checkInputs(inputs: readonly BoundTensor[], tensors: readonly Tensor[]): void {
  const wanted = inputs.map(({ type, shape }) => `[${shape.join(', ')}] (${type.name})`).join(' and ');
  const fits = ({ type, bytes }: BoundTensor, index: number): boolean => tensors[index]?.data.length === bytes / type.bytes;
  if (inputs.length === tensors.length && inputs.every(fits)) return;
  const got = tensors.map(({ shape, data }) => `[${shape.join(', ')}] with ${data.length} values`).join(' and ');
  throw new InvalidArgumentError({ name: 'inputs', expected: wanted === '' ? 'none' : `tensors of shape ${wanted}`, got });
}
