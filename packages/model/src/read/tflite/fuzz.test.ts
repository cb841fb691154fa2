import { tfliteCpu } from '@nnm/backend-tflite';
import { GraphBuilder, NnmError } from '@nnm/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { liftTflite } from '../../lift/tflite/lift-tflite.ts';
import { bytesSource } from '../byte-source.ts';
import { readTflite } from './read-tflite.ts';

function smallModel(): Uint8Array {
  const g = new GraphBuilder('small', 1);
  const x = g.activation(g.conv2d(g.input([1, 8, 8, 3]), 4, { kernelSize: 3, strides: 2 }), 'relu6');
  const y = g.layerNorm(g.dense(g.reshape(x, [1, 16, 4]), 8));
  return Uint8Array.from(tfliteCpu.convert(g.build(g.softmax(g.stridedSlice(y, [0, 1, 0], [1, 9, 8], [1, 2, 1])))));
}

/** A model, or one clear error; nothing else. */
function readAndLift(bytes: Uint8Array): void {
  try {
    liftTflite(readTflite(bytesSource(bytes), { name: 'fuzzed.tflite' }));
  } catch (error) {
    expect(NnmError.isInstance(error), String((error as Error).stack)).toBe(true);
    expect((error as Error).message).toMatch(/^fuzzed\.tflite .*\.$/s);
  }
}

describe('a damaged .tflite file is a model or one clear error', () => {
  const whole = smallModel();

  it('with bytes of other values', () => {
    const change = fc.record({ at: fc.nat(whole.length - 1), value: fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 127, 128, 255)) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const bytes = whole.slice();
        for (const { at, value } of changes) bytes[at] = value;
        readAndLift(bytes);
      }),
      { numRuns: 1000, seed: 1 },
    );
  });

  it('with whole numbers of other values', () => {
    const change = fc.record({ at: fc.nat(whole.length / 4 - 1), value: fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = whole.slice();
        const view = new DataView(bytes.buffer);
        for (const { at, value } of changes) view.setInt32(4 * at, value, true);
        readAndLift(bytes);
      }),
      { numRuns: 1000, seed: 2 },
    );
  });

  it('cut off anywhere, and with anything behind the identifier', () => {
    for (let length = 0; length < whole.length; length++) readAndLift(whole.slice(0, length));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (rest) => {
        const bytes = Uint8Array.of(8, 0, 0, 0, ...whole.slice(4, 8), ...rest);
        readAndLift(bytes);
      }),
      { numRuns: 1000, seed: 3 },
    );
  });
});
