import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { LeftEstimate } from './left-estimate.ts';
import { RunClock } from './run-clock.ts';

/** Events of a real run on a noisy machine: milliseconds since its start, what the planned visits would take, done, of how many. */
type Recorded = readonly [atMs: number, plannedMs: number | null, done: number, jobs: number];
const { events } = JSON.parse(readFileSync(new URL('./__fixtures__/planned-visits.json', import.meta.url), 'utf8')) as {
  readonly events: readonly Recorded[];
};
const estimate = new LeftEstimate();
const estimates = events.flatMap(([atMs, plannedMs, done, jobs]) =>
  plannedMs === null ? [] : [{ atMs, plannedMs, done, jobs, leftMs: estimate.add({ atMs, done, jobs, plannedMs }) }],
);
/** When the last kernel had a record. */
const [doneMs] = events.find(([, , done, jobs]) => done === jobs) as Recorded;

it('says nothing before a twentieth is done', () => {
  for (const { done, jobs, leftMs } of estimates) expect(leftMs !== undefined).toBe(done >= 0.05 * jobs);
});

it('is not too small where the machine makes more visits necessary than were planned', () => {
  const measuring = estimates.filter(({ atMs, leftMs }) => leftMs !== undefined && atMs < doneMs);
  const tooSmall = (leftMs: number | undefined, atMs: number): boolean => (leftMs ?? 0) < (doneMs - atMs) / 3;
  expect(measuring.filter(({ atMs, plannedMs }) => tooSmall(plannedMs, atMs)).length).toBeGreaterThan(measuring.length / 2);
  expect(measuring.filter(({ atMs, leftMs }) => tooSmall(leftMs, atMs)).length).toBeLessThan(measuring.length / 20);
});

/** A run of ten kernels that need so many visits each, a second per visit, one after the other. */
function runOf(visitsEach: number, budgetMs?: number) {
  let nowMs = 0;
  const clock = new RunClock(budgetMs, 2, () => nowMs);
  const cost = { convertMs: 0, loadMs: 0, warmupMs: 0, timedMs: 1000, probeMs: 0, waitedMs: 0 };
  return Array.from({ length: 10 * visitsEach }, (_, visit) => {
    nowMs += 1000;
    clock.addVisit(cost);
    const finished = Math.floor((visit + 1) / visitsEach);
    const returning = (visit + 1) % visitsEach === 0 ? 0 : 1;
    return clock.estimateLeftMs({ fresh: 10 - finished - returning, returning }, { finished, jobs: 10 }, 4);
  });
}

it('counts the visits that settling will make', () => {
  expect(runOf(5).at(-1)).toBe(4000);
});

it('is never more than what is left of the budget', () => {
  const left = runOf(5, 30_000);
  expect(left[19]).toBe(10_000);
  expect(left[34]).toBe(0);
});
