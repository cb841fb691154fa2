import { Rng } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { decodeBase64, encodeBase64 } from './base64.ts';

describe('base64', () => {
  it.each([0, 1, 2, 3, 4, 24_575, 24_576, 24_577, 50_001])('agrees with Node for %i bytes', (length) => {
    const rng = new Rng(length);
    const bytes = Uint8Array.from({ length }, () => rng.integer(0, 255));
    const text = encodeBase64(bytes);
    expect(text).toBe(Buffer.from(bytes).toString('base64'));
    expect(decodeBase64(text)).toEqual(bytes);
  });

  it.each(['A', 'AB', 'ABC', 'AB!D', 'ABé=', 'AB D', '===='])('refuses %j', (text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });
});
