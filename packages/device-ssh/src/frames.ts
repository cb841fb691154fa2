import { decodeMessage, encodeMessage } from '@nnm/core';

const LENGTH_BYTES = 4;

/** A message as bytes in a stream: its length (32 bits, little endian), then what core's codec makes of it. */
export function writeFrame(message: unknown): readonly [Uint8Array, Uint8Array] {
  const encoded = encodeMessage(message);
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setUint32(0, encoded.byteLength, true);
  return [length, encoded];
}

/** Puts the pieces of a stream together to messages again. */
export class FrameReader {
  private chunks: Buffer[] = [];
  private held = 0;
  private wanted: number | undefined;

  /** @returns the messages that are whole with this piece @throws SyntaxError or RangeError for bytes that are none of {@link writeFrame} */
  push(chunk: Buffer): readonly unknown[] {
    this.chunks.push(chunk);
    this.held += chunk.length;
    const messages: unknown[] = [];
    for (;;) {
      if (this.wanted === undefined) {
        if (this.held < LENGTH_BYTES) return messages;
        this.wanted = this.take(LENGTH_BYTES).readUInt32LE(0);
      }
      if (this.held < this.wanted) return messages;
      messages.push(decodeMessage(this.take(this.wanted)));
      this.wanted = undefined;
    }
  }

  private take(bytes: number): Buffer {
    const all = this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks);
    this.chunks = all.length === bytes ? [] : [all.subarray(bytes)];
    this.held -= bytes;
    return all.subarray(0, bytes);
  }
}
