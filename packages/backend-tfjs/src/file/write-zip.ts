import { crc32 } from './crc32.ts';

/** A file of an archive. */
export interface ZipEntry {
  readonly name: string;
  /** In bytes. */
  readonly length: number;
  /** Fills `target`, which is all zeros and begins at a multiple of {@link ALIGNMENT} in its buffer. */
  write(target: Uint8Array): void;
}

/** Contents begin at multiples of this many bytes, so that numbers can be read where they lie. */
export const ALIGNMENT = 64;

const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
/** Of the format without its extension for large files. */
const MOST_BYTES = 0xffffffff;
/** Midnight of 1 January 1980, the first date that the format has: equal models are equal bytes. */
const DATE = 0x21;

/**
 * A zip archive whose files are stored as they are.
 *
 * @throws RangeError when it would have 4 GiB or more
 */
export function writeZip(entries: readonly ZipEntry[]): Uint8Array {
  const encoder = new TextEncoder();
  let end = 0;
  const places = entries.map((entry) => {
    const name = encoder.encode(entry.name);
    const header = end;
    const start = Math.ceil((header + LOCAL_BYTES + name.length + 4) / ALIGNMENT) * ALIGNMENT;
    end = start + entry.length;
    return { entry, name, header, start };
  });
  const size = end + places.reduce((sum, { name }) => sum + CENTRAL_BYTES + name.length, 0) + END_BYTES;
  if (size > MOST_BYTES) throw new RangeError(`a zip file has less than 4 GiB, and this one would have ${size} bytes`);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let at = end;
  for (const { entry, name, header, start } of places) {
    const content = bytes.subarray(start, start + entry.length);
    entry.write(content);
    const sum = crc32(content);
    const common = (offset: number): void => {
      view.setUint16(offset, 20, true);
      view.setUint16(offset + 8, DATE, true);
      view.setUint32(offset + 10, sum, true);
      view.setUint32(offset + 14, entry.length, true);
      view.setUint32(offset + 18, entry.length, true);
      view.setUint16(offset + 22, name.length, true);
    };
    view.setUint32(header, 0x04034b50, true);
    common(header + 4);
    const extra = start - header - LOCAL_BYTES - name.length;
    view.setUint16(header + 28, extra, true);
    bytes.set(name, header + LOCAL_BYTES);
    // A field of padding, with the mark that Android's zipalign gives it.
    view.setUint16(header + LOCAL_BYTES + name.length, 0xd935, true);
    view.setUint16(header + LOCAL_BYTES + name.length + 2, extra - 4, true);
    view.setUint32(at, 0x02014b50, true);
    view.setUint16(at + 4, 20, true);
    common(at + 6);
    view.setUint32(at + 42, header, true);
    bytes.set(name, at + CENTRAL_BYTES);
    at += CENTRAL_BYTES + name.length;
  }
  view.setUint32(at, 0x06054b50, true);
  view.setUint16(at + 8, entries.length, true);
  view.setUint16(at + 10, entries.length, true);
  view.setUint32(at + 12, at - end, true);
  view.setUint32(at + 16, end, true);
  return bytes;
}
