import { describe, expect, it } from 'vitest';
import { decodeElements, ELEMENT_TYPES, type ElementType } from './element-type.ts';
import { explainGuesses, fillInput, type InputValues, inputsSetting } from './input-values.ts';

function fill(name: string, type: ElementType, count: number, values?: InputValues): readonly number[] {
  const bytes = new Uint8Array(type.bytes * count);
  fillInput({ name, type }, count, values, (piece, offset) => bytes.set(piece, offset));
  return Array.from(decodeElements(type, new DataView(bytes.buffer), count));
}

const { int64, float32, uint8, bool } = ELEMENT_TYPES;

describe('what inputs are filled with', () => {
  it('is the value given for the name, in every element', () => {
    expect(fill('sr', int64, 1, { sr: 16000 })).toEqual([16000]);
    expect(fill('x', float32, 3, { x: 0.5, y: 2 })).toEqual([0.5, 0.5, 0.5]);
  });

  it('is a list again and again, however long the input', () => {
    expect(fill('ids', int64, 7, { ids: [101, 7, 102] })).toEqual([101, 7, 102, 101, 7, 102, 101]);
    const long = fill('ids', int64, 100_001, { ids: [5, 6, 7] });
    expect(long.every((value, index) => value === 5 + (index % 3))).toBe(true);
  });

  it('is noise, or 1 for wide integers, where nothing is given', () => {
    expect(fill('constructor', int64, 2, {})).toEqual([1, 1]);
    expect(new Set(fill('x', float32, 100, { y: 1 })).size).toBeGreaterThan(50);
  });

  it('is positive where the name of the input asks for it', () => {
    expect(fill('positive0', float32, 1000).every((value) => value > 0)).toBe(true);
    expect(fill('input0', float32, 1000).some((value) => value < 0)).toBe(true);
  });

  it('must fit the input and its type', () => {
    expect(() => fill('ids', int64, 2, { ids: [1, 2, 3] })).toThrow('INPUTS has 3 values for "ids", which holds 2.');
    expect(() => fill('x', uint8, 2, { x: 300 })).toThrow('`INPUTS.x` must be whole numbers from 0 to 255 (uint8)');
  });

  it('is read from settings: numbers and lists of them', () => {
    expect(inputsSetting.safeParse({ sr: 16000, ids: [1, 2] }).success).toBe(true);
    for (const wrong of [{ sr: '16000' }, { ids: [] }, { ids: [[1]] }]) expect(inputsSetting.safeParse(wrong).success).toBe(false);
  });
});

it('names the inputs whose values were guessed, and only those', () => {
  const inputs = [
    { name: 'audio', type: float32 },
    { name: 'sr', type: int64 },
    { name: 'mask', type: bool },
  ];
  expect(explainGuesses(inputs)).toBe(
    '; "sr" and "mask" held 1 everywhere, which may be none it takes: INPUTS: { sr: <value>, mask: <value> } in ' +
      'configs/backend_config.yaml says what to feed',
  );
  expect(explainGuesses(inputs, { sr: 16000 })).toContain('; "mask" held 1');
  expect(explainGuesses(inputs, { sr: 16000, mask: 1 })).toBe('');
  expect(explainGuesses([{ name: 'image', type: uint8 }])).toBe('');
});
