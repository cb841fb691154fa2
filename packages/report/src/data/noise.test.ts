import type { JournalLine } from '@nnm/profiler';
import { expect, it } from 'vitest';
import { noiseOf } from './noise.ts';

const visit = (id: string, ...probes: readonly number[]): JournalLine => ({
  type: 'visit',
  id,
  visit: {
    firstProbeMs: probes[0] as number,
    slices: probes.slice(1).map((probeMs) => ({ runs: 1, minMs: 1, medianMs: 1, meanMs: 1, probeMs, cpuShare: 1 })),
  },
});
const session = (at: string, reference?: string): JournalLine => ({ type: 'session', at, environment: {} as never, reference });
const record = (id: string, flags: readonly 'unstable'[], quietLevelMs = 2): JournalLine => ({
  type: 'record',
  record: { status: 'ok', id, flags, slowdown: 1, quietLevelMs, stats: {} as never },
});

it('judges visits by the quiet level of their record, in the order in which they were made', () => {
  const lines = [
    session('a'),
    session('b'),
    visit('ONE', 2, 2.2, 2.2),
    visit('TWO', 4, 4),
    record('ONE', []),
    session('c'),
    visit('TWO', 2, 2),
    record('TWO', ['unstable']),
  ];
  expect(noiseOf(lines, 10)).toEqual({
    visits: [
      { visit: 1, id: 'ONE', slowdown: 1.1, flags: [] },
      { visit: 2, id: 'TWO', slowdown: 2, flags: ['unstable'] },
      { visit: 3, id: 'TWO', slowdown: 1, flags: ['unstable'] },
    ],
    sessions: [
      { visit: 1, at: 'b' },
      { visit: 3, at: 'c' },
    ],
    made: 3,
  });
});

it('judges visits of another reference by its own level', () => {
  const lines = [
    session('a'),
    visit('ONE', 2, 2),
    visit('TWO', 4, 4),
    record('ONE', []),
    session('b', 'new'),
    visit('ONE', 0.6, 0.6),
    visit('TWO', 0.5, 0.5),
    record('ONE', [], 0.5),
  ];
  expect(noiseOf(lines, 10)?.visits.map(({ slowdown }) => slowdown)).toEqual([1, 2, 1.2, 1]);
});

it('is thinned out evenly, and absent without a reference', () => {
  const lines = Array.from({ length: 100 }, (_, i) => visit(`K${i}`, 2, 2));
  const noise = noiseOf(lines, 30);
  expect([noise?.visits.length, noise?.visits.at(-1)?.visit, noise?.made]).toEqual([25, 97, 100]);
  expect(noiseOf([visit('ONE', Number.NaN, Number.NaN)], 30)).toBeUndefined();
});

it('takes what a kernel does to the clock for no noise', () => {
  const rested = visit('ONE', 2.4, 2.4, 2.4);
  const lines = [
    session('a'),
    rested.type === 'visit' ? { ...rested, visit: { ...rested.visit, restedMs: 2 } } : rested,
    record('ONE', []),
  ];
  expect(noiseOf(lines, 10)?.visits).toMatchObject([{ slowdown: 1 }]);
});
