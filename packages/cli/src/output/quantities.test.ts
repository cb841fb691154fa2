import { expect, test } from 'vitest';
import { countOf, formatDuration, formatLatency, formatShare } from './quantities.ts';

test.each([
  [0.000123456, '0.000123 ms'],
  [0.0372, '0.0372 ms'],
  [1.534, '1.53 ms'],
  [99.96, '100.0 ms'],
  [214.4, '214 ms'],
  [12345.6, '12346 ms'],
  [0, '0 ms'],
  [Number.NaN, '-'],
])('latency %d is "%s"', (latencyMs, text) => {
  expect(formatLatency(latencyMs)).toBe(text);
});

test('durations, shares and counts', () => {
  expect([8_400, 125_000, 4_320_000].map(formatDuration)).toEqual(['8 s', '2 min 5 s', '1 h 12 min']);
  expect([0.953, 1, Number.NaN].map(formatShare)).toEqual(['95.3 %', '100.0 %', '-']);
  expect([countOf(0, 'row'), countOf(1, 'row'), countOf(2, 'row')]).toEqual(['0 rows', '1 row', '2 rows']);
});
