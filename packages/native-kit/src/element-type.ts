import { InvalidArgumentError, NOISE_PERIOD, writeInputNoise } from '@nnm/core';

/** How the elements of a tensor are stored at the boundary of a model. */
export interface ElementType {
  readonly name: string;
  readonly bytes: number;
  /** Whole numbers it can hold; absent for floating point. */
  readonly range?: readonly [least: number, greatest: number];
  readonly get: (view: DataView, offset: number) => number;
  readonly set: (view: DataView, offset: number, value: number) => void;
}

const LITTLE = true;

const integer = (name: string, bytes: number, range: readonly [number, number], kind: 'Int' | 'Uint'): ElementType => ({
  name,
  bytes,
  range,
  get: (view, offset) => view[`get${kind}${8 * bytes}` as 'getInt32'](offset, LITTLE),
  set: (view, offset, value) => view[`set${kind}${8 * bytes}` as 'setInt32'](offset, value, LITTLE),
});

const long = (name: string, range: readonly [number, number], kind: 'BigInt64' | 'BigUint64'): ElementType => ({
  name,
  bytes: 8,
  range,
  get: (view, offset) => Number(view[`get${kind}`](offset, LITTLE)),
  set: (view, offset, value) => view[`set${kind}`](offset, BigInt(value), LITTLE),
});

/** The types that models are fed with and answer in, by name. */
export const ELEMENT_TYPES = {
  float32: {
    name: 'float32',
    bytes: 4,
    get: (view, offset) => view.getFloat32(offset, LITTLE),
    set: (view, offset, value) => view.setFloat32(offset, value, LITTLE),
  },
  float64: {
    name: 'float64',
    bytes: 8,
    get: (view, offset) => view.getFloat64(offset, LITTLE),
    set: (view, offset, value) => view.setFloat64(offset, value, LITTLE),
  },
  float16: {
    name: 'float16',
    bytes: 2,
    get: (view, offset) => fromHalf(view.getUint16(offset, LITTLE)),
    set: (view, offset, value) => view.setUint16(offset, toHalf(value), LITTLE),
  },
  int8: integer('int8', 1, [-128, 127], 'Int'),
  uint8: integer('uint8', 1, [0, 255], 'Uint'),
  int16: integer('int16', 2, [-32768, 32767], 'Int'),
  uint16: integer('uint16', 2, [0, 65535], 'Uint'),
  int32: integer('int32', 4, [-(2 ** 31), 2 ** 31 - 1], 'Int'),
  uint32: integer('uint32', 4, [0, 2 ** 32 - 1], 'Uint'),
  int64: long('int64', [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER], 'BigInt64'),
  uint64: long('uint64', [0, Number.MAX_SAFE_INTEGER], 'BigUint64'),
  bool: integer('bool', 1, [0, 1], 'Uint'),
} satisfies Record<string, ElementType>;

/**
 * Store numbers as elements of a type.
 *
 * @param name - of the input, for messages
 * @throws {@link InvalidArgumentError} for a number that the type does not hold, such as 0.5 or 300 in `uint8`
 */
export function encodeElements(type: ElementType, values: ArrayLike<number>, target: DataView, name: string): void {
  const { range } = type;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (range !== undefined && !(Number.isInteger(value) && value >= range[0] && value <= range[1])) {
      const expected = `whole numbers from ${range[0]} to ${range[1]} (${type.name})`;
      throw new InvalidArgumentError({ name, expected, got: `${value} at ${index}` });
    }
    type.set(target, type.bytes * index, value);
  }
}

/** Elements of a type as numbers; what float32 does not hold exactly, such as integers beyond 2^24, is rounded. */
export function decodeElements(type: ElementType, source: DataView, count: number): Float32Array {
  const values = new Float32Array(count);
  if (type === ELEMENT_TYPES.float32 && source.byteOffset % 4 === 0) {
    values.set(new Float32Array(source.buffer, source.byteOffset, count));
    return values;
  }
  for (let index = 0; index < count; index++) values[index] = type.get(source, type.bytes * index);
  return values;
}

/** What was drawn of each type, which serves every input. */
const pieces = new Map<string, Uint8Array>();

/**
 * Fill an input for timing. Floating point gets core's noise, 8-bit integers noise over their range, as images have it. Wider integers
 * and booleans are 1: an index that nearly every table has, a length, a mask that is set.
 *
 * @param write - stores bytes, which it must not keep or change, at a byte offset
 * @param positive - floating point in (0, 1) instead of ±1; default false
 */
export function fillForTiming(
  type: ElementType,
  count: number,
  write: (bytes: Uint8Array, offset: number) => void,
  positive = false,
): void {
  const key = `${positive ? 'positive ' : ''}${type.name}`;
  const piece = pieces.get(key) ?? drawPiece(type, positive);
  pieces.set(key, piece);
  writeRepeated(piece, type.bytes * count, write);
}

/** Write a piece again and again until `total` bytes are written, the last time as much of it as is left. */
export function writeRepeated(piece: Uint8Array, total: number, write: (bytes: Uint8Array, offset: number) => void): void {
  for (let offset = 0; offset < total; offset += piece.length) {
    write(offset + piece.length <= total ? piece : piece.subarray(0, total - offset), offset);
  }
}

/** Noise until it repeats. */
function drawPiece(type: ElementType, positive: boolean): Uint8Array {
  const noise = new Float32Array(NOISE_PERIOD);
  writeInputNoise(NOISE_PERIOD, (values, offset) => noise.set(values, offset), positive);
  const bytes = new Uint8Array(type.bytes * NOISE_PERIOD);
  const view = new DataView(bytes.buffer);
  const [least, greatest] = type.range ?? [0, 0];
  for (let index = 0; index < NOISE_PERIOD; index++) {
    const value = noise[index] as number;
    const wide = type.range !== undefined && (type.bytes > 1 || greatest === 1);
    const byte = least + Math.min(greatest - least, Math.floor(((value + 1) / 2) * (greatest - least + 1)));
    type.set(view, type.bytes * index, type.range === undefined ? value : wide ? 1 : byte);
  }
  return bytes;
}

const scratch = new DataView(new ArrayBuffer(4));

/** IEEE 754 binary16, rounded to nearest, ties to even. */
function toHalf(value: number): number {
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 255) - 112;
  const fraction = bits & 0x7fffff;
  if (exponent === 143) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200);
  if (exponent >= 31) return sign | 0x7c00;
  if (exponent < -10) return sign;
  // Below the normal range the leading 1 is written out.
  const shift = exponent > 0 ? 13 : 14 - exponent;
  const significand = exponent > 0 ? (exponent << 23) | fraction : fraction | 0x800000;
  const kept = significand >>> shift;
  const rest = significand & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return sign | (kept + (rest > half || (rest === half && (kept & 1) === 1) ? 1 : 0));
}

function fromHalf(bits: number): number {
  const sign = bits & 0x8000;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return ((sign === 0 ? 1 : -1) * fraction) / 0x100_0000;
  scratch.setUint32(0, ((sign << 16) | ((exponent === 31 ? 255 : exponent + 112) << 23) | (fraction << 13)) >>> 0);
  return scratch.getFloat32(0);
}
