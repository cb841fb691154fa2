import { countElements } from '@nnm/core';
import type { ElementType } from '../../graph/model-graph.ts';
import { elementBits, elementType } from './element-types.ts';
import { NumberList, readInt, readMessage, readText, shortestFloat } from './field-values.ts';
import type { OnnxTensor } from './onnx-model.ts';
import type { ParseContext } from './parse-context.ts';
import { DELIMITED, type WireField, type WireReader } from './wire-reader.ts';

/** Constants of at most so many elements say how large something is; of larger ones the elements are not read. */
const MOST_VALUES = 64;
const MOST_AXES = 64;
const EXTERNAL = 1;

/** Read a `TensorProto` without its elements, unless they are few. */
export function parseTensor(reader: WireReader, field: WireField, context: ParseContext): OnnxTensor {
  context.spend(reader);
  let name = '';
  let type = 0;
  let location = 0;
  let raw: Uint8Array | undefined;
  let rawBytes = 0;
  let path: string | undefined;
  const dims = new NumberList('integer', MOST_AXES);
  const lists = { 4: new NumberList('float', MOST_VALUES), 10: new NumberList('double', MOST_VALUES) };
  const integers = new NumberList('integer', MOST_VALUES);
  readMessage(reader, field, (inner) => {
    switch (inner.number) {
      case 1:
        return dims.add(reader, inner);
      case 2:
        type = readInt(reader, inner);
        return;
      case 4:
      case 10:
        return lists[inner.number].add(reader, inner);
      case 5:
      case 7:
      case 11:
        return integers.add(reader, inner);
      case 8:
        name = readText(reader, inner);
        return;
      case 9:
        rawBytes = inner.length;
        if (inner.wireType === DELIMITED && inner.length <= MOST_VALUES * 8) raw = reader.bytes(inner.length);
        return;
      case 13:
        path = readLocation(reader, inner) ?? path;
        return;
      case 14:
        location = readInt(reader, inner);
        return;
    }
  });
  const shape = dims.read ?? reader.fail(`has the constant "${name}" with more than ${MOST_AXES} axes`);
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    reader.fail(`has the constant "${name}" of the shape [${shape.join(', ')}]`);
  }
  const elements = countElements(shape);
  const stored = Math.ceil((elements * elementBits(type)) / 8);
  if (location === EXTERNAL && path !== undefined) context.externalFiles.add(path);
  else if (rawBytes > 0 && elementBits(type) > 0 && rawBytes !== stored) {
    reader.fail(`has the constant "${name}" of the shape [${shape.join(', ')}] with ${rawBytes} bytes instead of ${stored}`);
  }
  context.weightBytes += stored;
  const dtype = elementType(type);
  const values =
    elements > MOST_VALUES || location === EXTERNAL
      ? undefined
      : raw !== undefined && rawBytes > 0
        ? decodeRaw(raw, dtype)
        : fromLists([lists[4].read, lists[10].read, integers.read], dtype);
  return { name, shape, dtype, ...(values?.length === elements && { values }) };
}

/** The relative path of `external_data`. */
function readLocation(reader: WireReader, field: WireField): string | undefined {
  let [key, value] = ['', ''];
  readMessage(reader, field, (inner) => {
    if (inner.number === 1) key = readText(reader, inner);
    if (inner.number === 2) value = readText(reader, inner);
  });
  return key === 'location' ? value : undefined;
}

/** The elements out of the one list that has any; halves are stored as their bits. */
function fromLists(lists: readonly (readonly number[] | undefined)[], dtype: ElementType): readonly number[] | undefined {
  if (lists.includes(undefined)) return undefined;
  const values = lists.find((list) => (list?.length ?? 0) > 0) ?? [];
  return dtype === 'float16' ? values.map(fromHalf) : dtype === 'bfloat16' ? values.map(fromBrain) : values;
}

type Decode = (view: DataView, at: number) => number;

const DECODERS: Partial<Record<ElementType, readonly [size: number, decode: Decode]>> = {
  float32: [4, (view, at) => shortestFloat(view.getFloat32(at, true))],
  float64: [8, (view, at) => view.getFloat64(at, true)],
  float16: [2, (view, at) => fromHalf(view.getUint16(at, true))],
  bfloat16: [2, (view, at) => fromBrain(view.getUint16(at, true))],
  int8: [1, (view, at) => view.getInt8(at)],
  uint8: [1, (view, at) => view.getUint8(at)],
  bool: [1, (view, at) => view.getUint8(at)],
  int16: [2, (view, at) => view.getInt16(at, true)],
  uint16: [2, (view, at) => view.getUint16(at, true)],
  int32: [4, (view, at) => view.getInt32(at, true)],
  uint32: [4, (view, at) => view.getUint32(at, true)],
  int64: [8, (view, at) => Number(view.getBigInt64(at, true))],
  uint64: [8, (view, at) => Number(view.getBigUint64(at, true))],
};

function decodeRaw(raw: Uint8Array, dtype: ElementType): readonly number[] | undefined {
  const [size, decode] = DECODERS[dtype] ?? [];
  if (size === undefined || decode === undefined) return undefined;
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return Array.from({ length: Math.floor(raw.length / size) }, (_, index) => decode(view, index * size));
}

function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * (fraction / 2 ** 24);
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * SCALE_OF_HALF[exponent]!;
}

/** Powers of two of the exponents of a half. */
const SCALE_OF_HALF: readonly number[] = Array.from({ length: 31 }, (_, exponent) =>
  exponent < 15 ? 1 / (1 << (15 - exponent)) : 1 << (exponent - 15),
);

function fromBrain(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint16(0, bits);
  return view.getFloat32(0);
}
