import { expect, test } from 'vitest';
import { legible, showsUnicode } from './legible.ts';

test.each([
  [{ LC_ALL: 'C' }, false],
  [{ LC_ALL: 'POSIX', LANG: 'en_US.UTF-8' }, false],
  [{ LC_CTYPE: 'de_DE.ISO-8859-1' }, false],
  [{ LANG: 'C.UTF-8' }, true],
  [{ LC_ALL: '', LANG: 'de_DE.utf8' }, true],
  [{}, true],
])('in %j more than ASCII shows: %s', (env, shows) => {
  expect(showsUnicode(env, 'linux')).toBe(shows);
  expect(showsUnicode(env, 'win32')).toBe(true);
});

test('what nnm writes for people has an ASCII form', () => {
  expect(legible('±10 % → 3 × 4 µs, 1–2 … “so”', false)).toBe('+-10 % -> 3 x 4 us, 1-2 ... "so"');
  expect(legible('±10 %', true)).toBe('±10 %');
});
