import { inflateRawSync } from 'node:zlib';
import { type ByteSource, bytesSource } from './byte-source.ts';
import { InvalidModelError } from './errors.ts';
import type { ReadContext } from './read-options.ts';

/** A file of a zip archive, by its place. */
interface ZipFile {
  readonly header: number;
  readonly stored: number;
  readonly size: number;
  readonly isDeflated: boolean;
}

const END_BYTES = 22;
const MOST_COMMENT = 0xffff;
const MOST_FILES = 10_000;
/** Of a file that is unpacked in memory. */
const MOST_BYTES = 2 ** 30;

/**
 * The `model.json` of TensorFlow.js in a zip archive, and the files beside it; undefined when it is none or holds none.
 *
 * @throws {@link InvalidModelError} when the archive is damaged
 */
export function openZip(
  source: ByteSource,
  context: ReadContext,
): { readonly source: ByteSource; readonly context: ReadContext } | undefined {
  const head = bytesAt(source, 0, 2);
  if (head?.getUint16(0) !== 0x504b) return undefined;
  const files = listFiles(source, context.name);
  const path = [...files.keys()].filter((name) => /(^|\/)model\.json$/.test(name)).sort((a, b) => a.length - b.length)[0];
  if (path === undefined) return undefined;
  const folder = path.slice(0, -'model.json'.length);
  const read = (name: string): Uint8Array => readFile(source, files.get(name)!, name, context.name);
  return {
    source: bytesSource(read(path)),
    context: { ...context, hasFile: (name) => files.has(folder + name), openFile: (name) => bytesSource(read(folder + name)) },
  };
}

function bytesAt(source: ByteSource, position: number, length: number): DataView | undefined {
  if (position < 0 || position + length > source.size) return undefined;
  const bytes = new Uint8Array(length);
  return source.read(position, bytes) === length ? new DataView(bytes.buffer) : undefined;
}

function listFiles(source: ByteSource, file: string): ReadonlyMap<string, ZipFile> {
  const damaged = (): never => {
    throw new InvalidModelError({ file, problem: 'is a zip file that is damaged, or not all of one' });
  };
  const tail = Math.min(source.size, END_BYTES + MOST_COMMENT);
  const end = bytesAt(source, source.size - tail, tail) ?? damaged();
  let at = tail - END_BYTES;
  while (at >= 0 && end.getUint32(at, true) !== 0x06054b50) at--;
  if (at < 0) return file.endsWith('.tfjs.zip') ? damaged() : new Map();
  const count = Math.min(end.getUint16(at + 10, true), MOST_FILES);
  const length = end.getUint32(at + 12, true);
  const list = length > MOST_BYTES ? damaged() : (bytesAt(source, end.getUint32(at + 16, true), length) ?? damaged());
  const files = new Map<string, ZipFile>();
  for (let index = 0, entry = 0; index < count; index++) {
    if (entry + 46 > length || list.getUint32(entry, true) !== 0x02014b50) damaged();
    const nameLength = list.getUint16(entry + 28, true);
    const next = entry + 46 + nameLength + list.getUint16(entry + 30, true) + list.getUint16(entry + 32, true);
    if (next > length) damaged();
    const name = new TextDecoder().decode(new Uint8Array(list.buffer, entry + 46, nameLength));
    const method = list.getUint16(entry + 10, true);
    if (method !== 0 && method !== 8) damaged();
    files.set(name, {
      header: list.getUint32(entry + 42, true),
      stored: list.getUint32(entry + 20, true),
      size: list.getUint32(entry + 24, true),
      isDeflated: method === 8,
    });
    entry = next;
  }
  return files;
}

function readFile(source: ByteSource, { header, stored, size, isDeflated }: ZipFile, name: string, file: string): Uint8Array {
  const damaged = (cause?: unknown): never => {
    throw new InvalidModelError({ file, problem: `is a zip file that is damaged at "${name}"` }, { cause });
  };
  const local = bytesAt(source, header, 30) ?? damaged();
  const start = header + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  const bytes = size > MOST_BYTES ? damaged() : (bytesAt(source, start, stored) ?? damaged());
  const content = new Uint8Array(bytes.buffer);
  if (!isDeflated) return content;
  try {
    return inflateRawSync(content, { maxOutputLength: Math.max(1, size) });
  } catch (cause) {
    return damaged(cause);
  }
}
