import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage } from './message-codec.ts';

const there = (message: unknown): unknown => decodeMessage(encodeMessage(message));

describe('the message codec', () => {
  it.each([
    ['numbers that JSON does not have', { a: Number.NaN, b: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], c: -0, d: 1.5e-300 }],
    ['undefined, alone and in objects', undefined],
    ['undefined in objects and lists', { a: undefined, b: [undefined, null] }],
    ['text of any script', { text: 'größer 値 🙂 "\\', empty: '' }],
    ['objects that look like marks', { $nnm: 'NaN', entries: [{ $nnm: 'undefined' }], more: Number.NaN }],
    [
      'typed arrays',
      { model: Uint8Array.of(1, 2, 3), data: Float32Array.of(0.1, Number.NaN, -0), none: new Uint8Array(0), also: [new Float32Array(5)] },
    ],
  ])('carries %s', (_, message) => {
    expect(there(message)).toStrictEqual(message);
  });

  it('carries views into larger buffers, wherever they begin', () => {
    const buffer = Float32Array.from({ length: 100 }, (_, index) => index).buffer;
    const bytes = new Uint8Array(buffer, 3, 11);
    expect(there({ bytes, floats: new Float32Array(buffer, 4, 3) })).toStrictEqual({
      bytes: bytes.slice(),
      floats: Float32Array.of(1, 2, 3),
    });
    // A message that arrives at an odd place of a buffer.
    const encoded = encodeMessage([Float32Array.of(7)]);
    const shifted = new Uint8Array(encoded.byteLength + 1);
    shifted.set(encoded, 1);
    expect(decodeMessage(shifted.subarray(1))).toStrictEqual([Float32Array.of(7)]);
    expect(decodeMessage(Buffer.from(shifted.buffer).subarray(1))).toStrictEqual([Float32Array.of(7)]);
  });

  it('refuses what is cut short', () => {
    const encoded = encodeMessage({ data: Float32Array.of(1, 2, 3), text: 'hello' });
    expect(() => decodeMessage(encoded.subarray(0, encoded.byteLength - 8))).toThrow(RangeError);
    expect(() => decodeMessage(encoded.subarray(0, 20))).toThrow(RangeError);
    expect(() => decodeMessage(new Uint8Array(2))).toThrow(RangeError);
  });
});
