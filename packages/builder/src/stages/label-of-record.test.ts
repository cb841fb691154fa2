import type { ProfiledRecord } from '@nnm/profiler';
import { describe, expect, it } from 'vitest';
import { labelTrust } from '../data/label-trust.ts';
import { labelOf } from './label-of-record.ts';

const stats = { latencyMs: 2, meanMs: 2, medianMs: 2, minMs: 2, p10Ms: 2, p90Ms: 2, runs: 30, acceptedRuns: 30, visits: 2 };
const record = (rest: Partial<ProfiledRecord>): ProfiledRecord => ({ status: 'ok', id: 'AAAAAA', stats, flags: [], slowdown: 1, ...rest });

describe('labelOf', () => {
  it('keeps what is known', () => {
    const known = { spreadMs: 0.02, repeatabilityMs: 0.01 };
    expect(labelOf(record({ stats: { ...stats, ...known } }))).toMatchObject({ status: 'ok', latencyMs: 2, ...known });
    expect(labelOf(record({ stats: { ...stats, spreadMs: 0, repeatabilityMs: 0 } }))).toMatchObject({ spreadMs: 0, repeatabilityMs: 0 });
  });

  it('is what a correction says, with its spread and its flag', () => {
    const correction = { latencyMs: 1.2, repeatabilityMs: 0.06, dividedBy: 1.67, kernels: 20 };
    const label = labelOf(
      record({ stats: { ...stats, spreadMs: 0.2, repeatabilityMs: 0.01 }, flags: ['contended', 'corrected'], correction }),
    );
    expect(label).toMatchObject({ latencyMs: 1.2, repeatabilityMs: 0.06, flags: ['contended', 'corrected'], stats: { latencyMs: 1.2 } });
    expect(labelTrust({ repeatabilityMs: 0.06, flags: label.flags })).toEqual({ spreadMs: 0.06, flagged: true, corrected: true });
  });

  it.each([
    ['a record that says nothing of it', record({})],
    ['an earlier record of one visit', record({ stats: { ...stats, visits: 1, spreadMs: 0, stdMs: 0, repeatabilityMs: 0 } })],
    ['an earlier record of one accepted visit', record({ stats: { ...stats, spreadMs: 0, repeatabilityMs: 0 }, flags: ['contended'] })],
    [
      'NaN, as a journal keeps it',
      record({ stats: JSON.parse(JSON.stringify({ ...stats, spreadMs: Number.NaN, repeatabilityMs: Number.NaN })) }),
    ],
  ])('knows no spread from %s', (_, given) => {
    const label = labelOf(given);
    for (const part of [label, label.stats])
      for (const key of ['spreadMs', 'repeatabilityMs', 'stdMs']) expect(part).not.toHaveProperty(key);
  });
});
