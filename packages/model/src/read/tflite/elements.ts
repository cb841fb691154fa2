import { countElements } from '@nnm/core';
import type { ElementType } from '../../graph/model-graph.ts';
import type { Flatbuffer } from './flatbuffer.ts';
import type { TfliteBuffer, TfliteTensor } from './parse-model.ts';

/** Elements of a constant that are read: enough for shapes, axes and scales. */
export const MOST_ELEMENTS = 64;

type Read = readonly [bytes: number, read: (view: DataView, at: number) => number];

const READERS: Partial<Record<ElementType, Read>> = {
  float32: [4, (view, at) => view.getFloat32(at, true)],
  float64: [8, (view, at) => view.getFloat64(at, true)],
  float16: [2, (view, at) => halfToNumber(view.getUint16(at, true))],
  int64: [8, (view, at) => Number(view.getBigInt64(at, true))],
  int32: [4, (view, at) => view.getInt32(at, true)],
  uint32: [4, (view, at) => view.getUint32(at, true)],
  int16: [2, (view, at) => view.getInt16(at, true)],
  int8: [1, (view, at) => view.getInt8(at)],
  uint8: [1, (view, at) => view.getUint8(at)],
  bool: [1, (view, at) => view.getUint8(at)],
};

/** Elements of a small constant; undefined for a large one, and where the file's bytes are not one element after another. */
export function tensorElements(file: Flatbuffer, { shape, dtype }: TfliteTensor, buffer: TfliteBuffer): readonly number[] | undefined {
  const reader = READERS[dtype];
  const length = countElements(shape);
  if (reader === undefined || length > MOST_ELEMENTS || buffer.bytes !== length * reader[0]) return undefined;
  const bytes = file.bytes(buffer.start, buffer.bytes);
  const view = new DataView(bytes.buffer);
  return Array.from({ length }, (_, index) => reader[1](view, index * reader[0]));
}

function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return (sign * fraction) / 2 ** 24;
  // Its own bits in a float32's places; the largest exponent stands for infinity and what is no number in both.
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, ((exponent === 31 ? 255 : exponent + 112) << 23) | (fraction << 13));
  return sign * view.getFloat32(0);
}
