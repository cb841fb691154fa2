/** What JSON has no word for, or has another word for, is written as an object with this key. */
const MARK = '$nnm';
/** Typed arrays are aligned to this many bytes. */
const ALIGNMENT = 8;
const LENGTH_BYTES = 4;

type Special =
  | { readonly [MARK]: 'undefined' | 'NaN' | 'Infinity' | '-Infinity' | '-0' }
  | { readonly [MARK]: 'object'; readonly entries: readonly (readonly [string, unknown])[] }
  | { readonly [MARK]: 'bytes' | 'floats'; readonly at: number; readonly bytes: number };

/**
 * A message as bytes, for transports that carry nothing else: `undefined`, numbers that JSON does not have, `Uint8Array` and
 * `Float32Array` arrive as they were sent.
 *
 * First the length of the text (32 bits, little endian), then the text, then the arrays, each at a multiple of 8 bytes.
 *
 * @param message - plain objects, lists and values
 */
export function encodeMessage(message: unknown): Uint8Array<ArrayBuffer> {
  const arrays: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  let size = 0;
  const pack = (value: unknown): unknown => {
    if (value instanceof Uint8Array || value instanceof Float32Array) {
      const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      arrays.push({ at: size, bytes });
      const special: Special = { [MARK]: value instanceof Uint8Array ? 'bytes' : 'floats', at: size, bytes: bytes.byteLength };
      size = align(size + bytes.byteLength);
      return special;
    }
    if (value === undefined) return { [MARK]: 'undefined' };
    if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) return { [MARK]: value === 0 ? '-0' : `${value}` };
    if (Array.isArray(value)) return value.map(pack);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, item]) => [key, pack(item)] as const);
    return MARK in value ? { [MARK]: 'object', entries } : Object.fromEntries(entries);
  };
  const text = new TextEncoder().encode(JSON.stringify(pack(message)));
  const start = align(LENGTH_BYTES + text.byteLength);
  const encoded = new Uint8Array(start + size);
  new DataView(encoded.buffer).setUint32(0, text.byteLength, true);
  encoded.set(text, LENGTH_BYTES);
  for (const { at, bytes } of arrays) encoded.set(bytes, start + at);
  return encoded;
}

/**
 * What {@link encodeMessage} was given. Arrays are copies.
 *
 * @throws SyntaxError or RangeError for bytes that are none of its
 */
export function decodeMessage(encoded: Uint8Array): unknown {
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  const length = view.getUint32(0, true);
  if (LENGTH_BYTES + length > encoded.byteLength) throw new RangeError('A message is shorter than it says.');
  const start = align(LENGTH_BYTES + length);
  const unpack = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(unpack);
    if (typeof value !== 'object' || value === null) return value;
    if (MARK in value) return unpackSpecial(value as Special);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unpack(item)]));
  };
  const unpackSpecial = (special: Special): unknown => {
    switch (special[MARK]) {
      case 'undefined':
        return undefined;
      case 'object':
        return Object.fromEntries(special.entries.map(([key, item]) => [key, unpack(item)]));
      case 'bytes':
      case 'floats': {
        const { at, bytes } = special;
        if (start + at + bytes > encoded.byteLength) throw new RangeError('A message is shorter than it says.');
        // Not `slice`: that of Node's Buffer copies nothing.
        const copy = new Uint8Array(encoded.subarray(start + at, start + at + bytes));
        return special[MARK] === 'bytes' ? copy : new Float32Array(copy.buffer);
      }
      default:
        return Number(special[MARK]);
    }
  };
  return unpack(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(encoded.subarray(LENGTH_BYTES, LENGTH_BYTES + length))));
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
