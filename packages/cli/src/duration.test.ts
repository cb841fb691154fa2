import { expect, test } from 'vitest';
import { parseDuration } from './duration.ts';

test.each([
  ['90s', 90_000],
  ['20m', 1_200_000],
  ['20 min', 1_200_000],
  ['1h30m', 5_400_000],
  ['1.5h', 5_400_000],
])('"%s" is %d ms', (text, durationMs) => {
  expect(parseDuration(text, '--budget')).toBe(durationMs);
});

test.each(['', '20', 'soon', '-5m', '0s', '5m later'])('"%s" is refused', (text) => {
  expect(() => parseDuration(text, '--budget')).toThrow(/--budget must be a duration/);
});
