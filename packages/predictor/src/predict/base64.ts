const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const CHUNK = 0x6000;

/** Bytes as base64 text. Written out because `Buffer` is missing from browsers and `Uint8Array.prototype.toBase64` from Node 20. */
export function encodeBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let first = 0; first < bytes.length; first += CHUNK) {
    parts.push(btoa(String.fromCharCode(...bytes.subarray(first, Math.min(first + CHUNK, bytes.length)))));
  }
  return parts.join('');
}

/** Bytes of base64 text; undefined when the text is not base64. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const codes = new Int16Array(128).fill(-1);
  for (let i = 0; i < 64; i++) codes[ALPHABET.charCodeAt(i)] = i;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const digits = text.length - padding;
  const codeAt = (index: number): number => (index < digits ? (codes[text.charCodeAt(index)] ?? -1) : 0);
  let at = 0;
  for (let i = 0; i < text.length; i += 4) {
    const bits = (codeAt(i) << 18) | (codeAt(i + 1) << 12) | (codeAt(i + 2) << 6) | codeAt(i + 3);
    if (bits < 0) return undefined;
    bytes[at++] = bits >>> 16;
    bytes[at++] = bits >>> 8;
    bytes[at++] = bits;
  }
  return bytes;
}
