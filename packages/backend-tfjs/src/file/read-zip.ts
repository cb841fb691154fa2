const END_BYTES = 22;
const MOST_COMMENT = 0xffff;

/**
 * The files of a zip archive that are stored as they are, by name; each is a view of `bytes`.
 *
 * @throws Error saying what is wrong: not a zip, cut off, or with compressed files
 */
export function readZip(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  if (end === undefined) throw new Error('the bytes are no zip file, or not all of one');
  const files = new Map<string, Uint8Array>();
  let at = view.getUint32(end + 16, true);
  for (let index = 0; index < view.getUint16(end + 10, true); index++) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50) throw new Error('the list of files is damaged');
    const nameLength = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    const size = view.getUint32(at + 24, true);
    const header = view.getUint32(at + 42, true);
    if (view.getUint16(at + 10, true) !== 0) throw new Error(`"${name}" is compressed; store it as it is (zip -0)`);
    if (header + 30 > end || view.getUint32(header, true) !== 0x04034b50) throw new Error(`"${name}" is not where the list says`);
    const start = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
    if (start + size > end) throw new Error(`"${name}" is cut off`);
    files.set(name, bytes.subarray(start, start + size));
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return files;
}

/** Where the last record begins; a comment may stand behind it. */
function findEnd(view: DataView): number | undefined {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - MOST_COMMENT); at--) if (view.getUint32(at, true) === 0x06054b50) return at;
  return undefined;
}
