import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TimeLeft } from './time-left.ts';

/** Events of a real build on a noisy machine, as [milliseconds since its start, its estimate of the time left]. */
const recorded = JSON.parse(readFileSync(new URL('./__fixtures__/time-left.json', import.meta.url), 'utf8')) as {
  readonly events: readonly (readonly [number, number | null])[];
};

function follow(
  events: readonly (readonly [number, number | null])[],
): readonly { atMs: number; shownMs: number; isLowerBound: boolean }[] {
  const left = new TimeLeft();
  return events.flatMap(([atMs, estimateMs]) => {
    left.add(estimateMs ?? undefined, atMs);
    return left.leftMs === undefined ? [] : [{ atMs, shownMs: left.leftMs, isLowerBound: left.isLowerBound }];
  });
}

test('what is shown of a recorded build never grows, although its estimates do', () => {
  const estimates = recorded.events.flatMap(([, estimate]) => estimate ?? []);
  expect(estimates.some((estimate, i) => i > 0 && estimate > (estimates[i - 1] as number))).toBe(true);
  const shown = follow(recorded.events);
  expect(shown.length).toBeGreaterThan(recorded.events.length / 2);
  for (const [i, { shownMs }] of shown.entries())
    if (i > 0) expect(shownMs).toBeLessThanOrEqual((shown[i - 1] as { shownMs: number }).shownMs);
});

test('it ends when the work does: in its last quarter it is right within a third, or says that it takes longer', () => {
  const endMs = (recorded.events.at(-1) as readonly [number, number])[0];
  for (const { atMs, shownMs, isLowerBound } of follow(recorded.events).filter(({ atMs }) => atMs > 0.75 * endMs)) {
    const trueMs = endMs - atMs;
    expect(isLowerBound || Math.abs(shownMs - trueMs) <= Math.max(trueMs / 3, 0.05 * endMs)).toBe(true);
  }
});

test('says nothing before it knows something, and a lower bound when the work has become more', () => {
  const left = new TimeLeft();
  left.add(undefined, 0);
  left.add(60_000, 1000);
  left.add(60_000, 2000);
  expect(left.leftMs).toBeUndefined();
  left.add(60_000, 3000);
  expect([left.leftMs, left.isLowerBound]).toEqual([60_000, false]);
  left.add(300_000, 4000);
  expect(left.isLowerBound).toBe(true);
  expect(left.leftMs).toBeLessThan(60_000);
});
