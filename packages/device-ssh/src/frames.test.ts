import { describe, expect, it } from 'vitest';
import { FrameReader, writeFrame } from './frames.ts';

const messages = [{ type: 'ping' }, { type: 'request', model: Uint8Array.of(1, 2, 3), nothing: undefined, odd: Number.NaN }, 'text'];
const stream = Buffer.concat(messages.flatMap((message) => [...writeFrame(message)]));

describe('frames', () => {
  it.each([1, 2, 3, 5, 7, 64, stream.length])('come through in pieces of %d bytes', (size) => {
    const reader = new FrameReader();
    const read: unknown[] = [];
    for (let at = 0; at < stream.length; at += size) read.push(...reader.push(stream.subarray(at, at + size)));
    expect(read).toEqual(messages);
  });

  it('refuse what is none', () => {
    expect(() => new FrameReader().push(Buffer.from('\x08\0\0\0{"a":1}\n'))).toThrow(RangeError);
  });
});
