/**
 * A decoder for text as editors and spreadsheets write it: UTF-8, or UTF-16 when a byte order mark says so. The mark itself is no part of
 * the text.
 *
 * @param start - the first bytes of the text, at least two of them where there are so many
 */
export function textDecoder(start: Uint8Array): TextDecoder {
  const [first, second] = start;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le');
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be');
  return new TextDecoder('utf-8');
}

/** The text of a whole file, see {@link textDecoder}. */
export function decodeText(bytes: Uint8Array): string {
  return textDecoder(bytes).decode(bytes);
}
