import { expect, test } from 'vitest';
import { decodeText } from './decode-text.ts';

const TEXT = '{ "Höhe": "28" }\n';

test.each([
  ['UTF-8', Buffer.from(TEXT)],
  ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${TEXT}`)],
  ['UTF-16 as Windows writes it', Buffer.from(`\uFEFF${TEXT}`, 'utf16le')],
  ['UTF-16 the other way round', Buffer.from(`\uFEFF${TEXT}`, 'utf16le').swap16()],
])('reads %s', (_, bytes) => {
  expect(decodeText(bytes)).toBe(TEXT);
});

test('reads nothing as nothing', () => {
  expect([decodeText(new Uint8Array()), decodeText(Buffer.from('\uFEFF'))]).toEqual(['', '']);
});
