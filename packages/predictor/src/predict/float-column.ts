/** Most distinct values a dictionary may hold: indices take one or two bytes. */
const DICTIONARY_LIMIT = 0x1_0000;

/**
 * 32-bit floats in few bytes, little-endian: `[width u8] [count u32]`, then with width 4 the floats themselves, else
 * `[entries u32] [dictionary f32...] [index of `width` bytes...]`. Thresholds and leaves of a forest repeat a lot.
 */
export function encodeFloats(values: Float32Array): Uint8Array {
  const index = new Map<number, number>();
  for (const value of values) {
    if (!index.has(value)) index.set(value, index.size);
    if (index.size > DICTIONARY_LIMIT) break;
  }
  const width = index.size <= 0x100 ? 1 : index.size <= DICTIONARY_LIMIT && index.size * 4 < values.length * 2 ? 2 : 4;
  const bytes = new Uint8Array(width === 4 ? 5 + values.length * 4 : 9 + index.size * 4 + values.length * width);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, width);
  view.setUint32(1, values.length, true);
  if (width === 4) {
    for (let i = 0; i < values.length; i++) view.setFloat32(5 + i * 4, values[i]!, true);
    return bytes;
  }
  view.setUint32(5, index.size, true);
  let at = 9;
  for (const value of index.keys()) {
    view.setFloat32(at, value, true);
    at += 4;
  }
  for (const value of values) {
    const code = index.get(value)!;
    if (width === 1) view.setUint8(at, code);
    else view.setUint16(at, code, true);
    at += width;
  }
  return bytes;
}

/**
 * What {@link encodeFloats} wrote, and where it ended.
 *
 * @throws RangeError when the bytes end too soon or are not such a column
 */
export function decodeFloats(view: DataView, offset: number): { values: Float32Array; end: number } {
  const width = view.getUint8(offset);
  const count = view.getUint32(offset + 1, true);
  if (width !== 1 && width !== 2 && width !== 4) throw new RangeError(`a column of floats has width ${width}`);
  if (count * width > view.byteLength) throw new RangeError('a column of floats is longer than its file');
  const values = new Float32Array(count);
  if (width === 4) {
    for (let i = 0; i < count; i++) values[i] = view.getFloat32(offset + 5 + i * 4, true);
    return { values, end: offset + 5 + count * 4 };
  }
  const entries = view.getUint32(offset + 5, true);
  if (entries > DICTIONARY_LIMIT) throw new RangeError(`a dictionary of floats has ${entries} entries`);
  const dictionary = new Float32Array(entries);
  for (let i = 0; i < entries; i++) dictionary[i] = view.getFloat32(offset + 9 + i * 4, true);
  const first = offset + 9 + entries * 4;
  for (let i = 0; i < count; i++) {
    const code = width === 1 ? view.getUint8(first + i) : view.getUint16(first + i * 2, true);
    if (code >= entries) throw new RangeError('a column of floats points outside its dictionary');
    values[i] = dictionary[code]!;
  }
  return { values, end: first + count * width };
}
