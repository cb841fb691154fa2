import { describe, expect, it } from 'vitest';
import { decodeElements, ELEMENT_TYPES, type ElementType, encodeElements, fillForTiming } from './element-type.ts';

const types = Object.values(ELEMENT_TYPES) as readonly ElementType[];

function roundTrip(type: ElementType, values: readonly number[]): readonly number[] {
  const view = new DataView(new ArrayBuffer(type.bytes * values.length));
  encodeElements(type, Float32Array.from(values), view, 'x');
  return Array.from(decodeElements(type, view, values.length));
}

function fill(type: ElementType, count: number): readonly number[] {
  const bytes = new Uint8Array(type.bytes * count);
  fillForTiming(type, count, (piece, offset) => bytes.set(piece, offset));
  return Array.from(decodeElements(type, new DataView(bytes.buffer), count));
}

describe('element types', () => {
  it.each(types)('$name holds what it is given, at its ends too', (type) => {
    const [least, greatest] = type.range ?? [-2.5, 512.5];
    // Of the wide ones float32 does not hold the very ends.
    const values = [0, 1, type.bytes === 8 && least < 0 ? -(2 ** 52) : least, type.bytes < 4 ? greatest : 2 ** 24 - 1];
    expect(roundTrip(type, values)).toEqual(values);
  });

  it.each(types.filter(({ range }) => range !== undefined))('$name refuses what it does not hold, by name and place', (type) => {
    for (const value of [0.5, Number.NaN, Number.POSITIVE_INFINITY, -(2 ** 70), 2 ** 70]) {
      expect(() => roundTrip(type, [1, value])).toThrow(new RegExp(`\`x\` must be whole numbers .*\\(${type.name}\\)\\. Got ".* at 1"`));
    }
  });

  it('float16 rounds to the nearest, ties to even, and keeps zero, infinity and NaN', () => {
    const given = [1 / 3, 65504, 65519.9, 65520, 2 ** -14, 2 ** -24, 2 ** -25, 3 * 2 ** -25, 2049, 2051, -0, -1.5, Number.NaN, 0.99999];
    const held = [
      0.333251953125,
      65504,
      65504,
      Number.POSITIVE_INFINITY,
      2 ** -14,
      2 ** -24,
      0,
      2 ** -23,
      2048,
      2052,
      -0,
      -1.5,
      Number.NaN,
      1,
    ];
    expect(roundTrip(ELEMENT_TYPES.float16, given)).toEqual(held);
  });

  it('booleans are 0 or 1', () => {
    expect(() => roundTrip(ELEMENT_TYPES.bool, [2])).toThrow('whole numbers from 0 to 1 (bool)');
  });
});

describe('what inputs are filled with for timing', () => {
  it.each(types)('$name: ordinary numbers, the same every time, however long the input', (type) => {
    const values = fill(type, 40_000);
    expect(values.every(Number.isFinite)).toBe(true);
    expect(values.slice(0, 100)).toEqual(fill(type, 100));
    const distinct = new Set(values);
    const isIndex = type.range !== undefined && (type.bytes > 1 || type.name === 'bool');
    if (isIndex) expect([...distinct]).toEqual([1]);
    else expect(distinct.size).toBeGreaterThan(100);
    if (type.name === 'uint8' || type.name === 'int8') expect([Math.min(...distinct), Math.max(...distinct)]).toEqual(type.range);
  });
});
