import { describe, expect, it } from 'vitest';
import { bestKnownLevel, NO_LEVELS, parseKnownLevels, rememberLevel, SESSIONS_KEPT } from './known-levels.ts';

const session = (levelMs: number) => ({ levelMs, at: '2026-01-01T00:00:00.000Z', probes: 500 });

describe('known levels', () => {
  it('keep the best of the last sessions of a key', () => {
    const levels = [1.2, 1.0, 1.1].reduce((known, levelMs) => rememberLevel(known, 'a', session(levelMs)), NO_LEVELS);
    expect(bestKnownLevel(levels, 'a')).toBe(1);
    expect(bestKnownLevel(levels, 'b')).toBeUndefined();
  });

  it('believe in the end that a machine has become slower for good', () => {
    let known = rememberLevel(NO_LEVELS, 'a', session(1));
    for (let i = 0; i < SESSIONS_KEPT - 1; i++) known = rememberLevel(known, 'a', session(1.5));
    expect(bestKnownLevel(known, 'a')).toBe(1);
    expect(bestKnownLevel(rememberLevel(known, 'a', session(1.5)), 'a')).toBe(1.5);
  });

  it('survive a round through their file; anything else counts as absent', () => {
    const known = rememberLevel(NO_LEVELS, 'a', session(1));
    expect(parseKnownLevels(JSON.stringify(known))).toEqual(known);
    for (const text of ['', '{', '[]', 'null', '{"schemaVersion":2,"levels":{}}', '{"schemaVersion":1,"levels":null}']) {
      expect(parseKnownLevels(text)).toBeUndefined();
    }
  });
});
