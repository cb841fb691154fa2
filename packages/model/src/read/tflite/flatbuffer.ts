import type { ByteSource } from '../byte-source.ts';
import { InvalidModelError } from '../errors.ts';

const PAGE_BYTES = 16 * 1024;
const MOST_PAGES = 256;

/** Values that are read of one file at most: a hundred times what the largest published models hold. */
const MOST_VALUES = 8_000_000;

/** Scalars of the format by name. */
export type ScalarType = 'bool' | 'int8' | 'uint8' | 'int32' | 'uint32' | 'uint64' | 'float32';

const SCALARS: Readonly<Record<ScalarType, readonly [bytes: number, read: (view: DataView, at: number) => number]>> = {
  bool: [1, (view, at) => view.getUint8(at)],
  int8: [1, (view, at) => view.getInt8(at)],
  uint8: [1, (view, at) => view.getUint8(at)],
  int32: [4, (view, at) => view.getInt32(at, true)],
  uint32: [4, (view, at) => view.getUint32(at, true)],
  uint64: [8, (view, at) => Number(view.getBigUint64(at, true))],
  float32: [4, (view, at) => view.getFloat32(at, true)],
};

/**
 * A FlatBuffers file that is read where its offsets lead, in pages of 16 KiB, so that its weights are never touched.
 *
 * Every position is checked, and what is read of one file is limited: offsets may share what they lead to, so that a small file can
 * describe more than fits in memory.
 */
export class Flatbuffer {
  private readonly pages = new Map<number, Uint8Array>();
  private readonly scratch = new Uint8Array(8);
  private values = 0;

  /** @param file - what errors call it */
  constructor(
    private readonly source: ByteSource,
    readonly file: string,
  ) {}

  /** In bytes. */
  get size(): number {
    return this.source.size;
  }

  /** @throws {@link InvalidModelError} */
  fail(problem: string, hint?: string): never {
    throw new InvalidModelError({ file: this.file, problem, ...(hint !== undefined && { hint }) });
  }

  /** The table that the file starts with. */
  root(): Table {
    return new Table(this, this.follow(0));
  }

  scalar(position: number, type: ScalarType): number {
    const [length, read] = SCALARS[type];
    return this.withBytes(position, length, read);
  }

  uint16(position: number): number {
    return this.withBytes(position, 2, (view, at) => view.getUint16(at, true));
  }

  /** Where the offset at a position leads. */
  follow(position: number): number {
    return position + this.scalar(position, 'uint32');
  }

  /** Bytes of the file, a copy. */
  bytes(position: number, length: number): Uint8Array {
    this.check(position, length);
    this.spend(length / 8);
    const bytes = new Uint8Array(length);
    if (this.source.read(position, bytes) < length) this.fail('became shorter while it was read');
    return bytes;
  }

  /** Count what is read. */
  spend(values: number): void {
    this.values += values;
    if (this.values > MOST_VALUES) this.fail(`describes more than ${MOST_VALUES} values besides its weights, which no real model does`);
  }

  /** @throws {@link InvalidModelError} when a part lies outside of the file */
  check(position: number, length: number): void {
    if (position >= 0 && length >= 0 && position + length <= this.size) return;
    this.fail(`is truncated or damaged: it refers to bytes ${position} to ${position + length} and has ${this.size}`);
  }

  private withBytes(position: number, length: number, read: (view: DataView, at: number) => number): number {
    this.check(position, length);
    this.spend(1);
    const index = Math.floor(position / PAGE_BYTES);
    const start = position - index * PAGE_BYTES;
    const page = this.page(index);
    if (start + length <= page.length) return read(new DataView(page.buffer, page.byteOffset, page.byteLength), start);
    const first = page.subarray(start);
    this.scratch.set(first);
    this.scratch.set(this.page(index + 1).subarray(0, length - first.length), first.length);
    return read(new DataView(this.scratch.buffer), 0);
  }

  private page(index: number): Uint8Array {
    const known = this.pages.get(index);
    if (known !== undefined) return known;
    const position = index * PAGE_BYTES;
    const page = new Uint8Array(Math.min(PAGE_BYTES, this.size - position));
    if (this.source.read(position, page) < page.length) this.fail('became shorter while it was read');
    if (this.pages.size >= MOST_PAGES) this.pages.delete(this.pages.keys().next().value as number);
    this.pages.set(index, page);
    return page;
  }
}

/** Where a vector's elements are. */
export interface VectorPlace {
  readonly start: number;
  readonly length: number;
}

/** A table of a {@link Flatbuffer}; its fields are read when they are asked for, by their numbers in the format's schema. */
export class Table {
  private readonly vtable: number;
  private readonly vtableBytes: number;

  constructor(
    private readonly file: Flatbuffer,
    private readonly position: number,
  ) {
    this.vtable = position - file.scalar(position, 'int32');
    this.vtableBytes = file.uint16(this.vtable);
    if (this.vtableBytes < 4) file.fail('is damaged: a table of it has no description');
  }

  /** Where a field is; undefined when it has its default. */
  private field(id: number): number | undefined {
    const at = 4 + 2 * id;
    const offset = at + 2 > this.vtableBytes ? 0 : this.file.uint16(this.vtable + at);
    return offset === 0 ? undefined : this.position + offset;
  }

  scalar(id: number, type: ScalarType, fallback = 0): number {
    const position = this.field(id);
    return position === undefined ? fallback : this.file.scalar(position, type);
  }

  boolean(id: number): boolean {
    return this.scalar(id, 'bool') !== 0;
  }

  /** @param itemBytes - size of an element; the vector has to lie in the file */
  vector(id: number, itemBytes: number): VectorPlace | undefined {
    const position = this.field(id);
    if (position === undefined) return undefined;
    const vector = this.file.follow(position);
    const length = this.file.scalar(vector, 'uint32');
    this.file.check(vector + 4, length * itemBytes);
    return { start: vector + 4, length };
  }

  string(id: number): string {
    const place = this.vector(id, 1);
    return place === undefined ? '' : new TextDecoder().decode(this.file.bytes(place.start, place.length));
  }

  integers(id: number): readonly number[] {
    const place = this.vector(id, 4);
    if (place === undefined) return [];
    this.file.spend(place.length);
    return Array.from({ length: place.length }, (_, index) => this.file.scalar(place.start + 4 * index, 'int32'));
  }

  table(id: number): Table | undefined {
    const position = this.field(id);
    return position === undefined ? undefined : new Table(this.file, this.file.follow(position));
  }

  tables(id: number): readonly Table[] {
    const place = this.vector(id, 4);
    if (place === undefined) return [];
    this.file.spend(place.length);
    return Array.from({ length: place.length }, (_, index) => new Table(this.file, this.file.follow(place.start + 4 * index)));
  }
}
