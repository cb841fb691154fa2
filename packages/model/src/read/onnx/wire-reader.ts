import type { ByteSource } from '../byte-source.ts';

/** Wire types of protobuf; groups, which ONNX never had, are refused. */
export const VARINT = 0;
const FIXED64 = 1;
export const DELIMITED = 2;
const FIXED32 = 5;

/** Read at once; a weight that is skipped costs one such read at most. */
const CHUNK_BYTES = 65_536;
/** A 64-bit number has at most so many bytes of seven bits. */
const MOST_VARINT_BYTES = 10;
/** Messages in messages: graphs in attributes of nodes in graphs. */
const MOST_DEPTH = 100;
/** A model has some ten fields a node; this many take seconds to walk. */
const MOST_FIELDS = 50_000_000;

/** Reports what is wrong with the file; its sentence starts with the file. */
export type FailFile = (problem: string) => never;

/** One field of a message as it lies in the file; whoever visits it reads or skips its content. */
export interface WireField {
  readonly number: number;
  readonly wireType: number;
  /** Bytes of its content; of varints unknown before they are read, 0. */
  readonly length: number;
}

/**
 * Walks a protobuf file field by field; what is not asked for is skipped without being read.
 *
 * Every length is checked against the message that it lies in, so that nothing is allocated or read beyond the file.
 */
export class WireReader {
  private readonly chunk = new Uint8Array(CHUNK_BYTES);
  private chunkStart = 0;
  private chunkLength = 0;
  private position = 0;
  private depth = 0;
  private fields = 0;

  constructor(
    private readonly source: ByteSource,
    readonly fail: FailFile,
  ) {}

  /** Visit the fields of the message of the next `length` bytes; a field whose content the visitor leaves is skipped. */
  message(length: number, visit: (field: WireField) => void): void {
    if (++this.depth > MOST_DEPTH) this.fail(`has messages in messages, more than ${MOST_DEPTH} deep`);
    const end = this.position + length;
    while (this.position < end) {
      if (++this.fields > MOST_FIELDS) this.fail(`has more than ${MOST_FIELDS} fields, which no model has`);
      const tag = this.varint();
      const [number, wireType] = [Math.floor(tag / 8), tag % 8];
      if (number === 0) this.fail('is not a protobuf file: it has a field without a number');
      const field = { number, wireType, length: this.lengthOf(wireType) };
      const start = this.position;
      if (start + field.length > end) this.fail(`ends in the middle of a field, or is not a model (at byte ${start})`);
      visit(field);
      if (wireType === VARINT) {
        if (this.position === start) this.varint();
      } else {
        this.position = start + field.length;
      }
      if (this.position > end) this.fail(`has a field that is longer than what it lies in (at byte ${start})`);
    }
    this.depth--;
  }

  private lengthOf(wireType: number): number {
    switch (wireType) {
      case VARINT:
        return 0;
      case FIXED64:
        return 8;
      case FIXED32:
        return 4;
      case DELIMITED:
        return this.varint();
      default:
        return this.fail(`is not an ONNX model: it has a field of the wire type ${wireType}, which ONNX does not use`);
    }
  }

  /** An unsigned number; beyond 2^53 the nearest that a double holds. */
  varint(): number {
    const [low, high] = this.varintHalves();
    return high * 2 ** 32 + low;
  }

  /** A number of 64 bits with a sign; beyond 2^53 the nearest that a double holds. */
  int64(): number {
    const [low, high] = this.varintHalves();
    return (high | 0) * 2 ** 32 + low;
  }

  /** Packed numbers with a sign. */
  varints(length: number, visit: (value: number) => void): void {
    const end = this.position + length;
    while (this.position < end) visit(this.int64());
    if (this.position > end) this.fail('has a list of numbers that ends in the middle of one');
  }

  private varintHalves(): readonly [low: number, high: number] {
    let low = 0;
    let high = 0;
    for (let index = 0; index < MOST_VARINT_BYTES; index++) {
      const byte = this.byte();
      const bits = byte & 0x7f;
      const shift = index * 7;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high |= bits >> 4;
      } else high |= bits << (shift - 32);
      if (byte < 0x80) return [low >>> 0, high >>> 0];
    }
    return this.fail(`is not an ONNX model: it has a number of more than ${MOST_VARINT_BYTES} bytes (at byte ${this.position})`);
  }

  private byte(): number {
    const at = this.position - this.chunkStart;
    if (at < 0 || at >= this.chunkLength) {
      this.chunkStart = this.position;
      this.chunkLength = this.source.read(this.position, this.chunk);
      if (this.chunkLength === 0) this.fail('ends in the middle of a field');
      this.position++;
      return this.chunk[0] as number;
    }
    this.position++;
    return this.chunk[at] as number;
  }

  /** The next bytes, which a length has been checked for. */
  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    const at = this.position - this.chunkStart;
    if (at >= 0 && at + length <= this.chunkLength) bytes.set(this.chunk.subarray(at, at + length));
    else if (length <= CHUNK_BYTES / 2) {
      this.chunkStart = this.position;
      this.chunkLength = this.source.read(this.position, this.chunk);
      if (this.chunkLength < length) this.fail('ends in the middle of a field');
      bytes.set(this.chunk.subarray(0, length));
    } else if (this.source.read(this.position, bytes) < length) this.fail('ends in the middle of a field');
    this.position += length;
    return bytes;
  }
}
