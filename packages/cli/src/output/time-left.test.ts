import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TimeLeft } from './time-left.ts';

type Recorded = readonly [atMs: number, leftMs: number | null, done: number, jobs: number];

/** Events of a real build on a noisy machine: milliseconds since its start, the engine's estimate of the time left, done, of how many. */
const recorded = JSON.parse(readFileSync(new URL('./__fixtures__/time-left.json', import.meta.url), 'utf8')) as {
  readonly events: readonly Recorded[];
};

function follow(events: readonly Recorded[]): readonly { atMs: number; shownMs: number; isLowerBound: boolean }[] {
  const left = new TimeLeft();
  return events.flatMap(([atMs, leftMs]) => {
    left.add(leftMs ?? undefined, atMs);
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

test('it is right within the half, or says that it takes longer', () => {
  const endMs = (recorded.events.at(-1) as Recorded)[0];
  const shown = follow(recorded.events);
  for (const { atMs, shownMs, isLowerBound } of shown.filter(({ atMs }) => atMs < endMs / 2)) {
    const trueMs = endMs - atMs;
    if (!isLowerBound) expect(Math.abs(shownMs - trueMs) / trueMs).toBeLessThan(1);
  }
  expect(shown.filter(({ atMs, shownMs }) => Math.abs(shownMs - (endMs - atMs)) < (endMs - atMs) / 2).length).toBeGreaterThan(
    shown.length / 3,
  );
  expect(shown.filter(({ atMs }) => atMs > 0.75 * endMs).every(({ isLowerBound }) => isLowerBound)).toBe(true);
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
