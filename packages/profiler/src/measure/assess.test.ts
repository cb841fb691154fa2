import { mean, Rng } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { resolvePolicy } from '../policy.ts';
import type { Visit } from '../types.ts';
import { assessVisits } from './assess.ts';

const policy = resolvePolicy();
const quiet = { levelMs: 1, doubted: false };

/** A visit of three slices at these latencies with the reference at `probeMs`. */
const visit = (values: readonly number[], probeMs = 1): Visit => ({
  firstProbeMs: probeMs,
  slices: values.map((ms) => ({ runs: 5, minMs: ms * 0.98, medianMs: ms, meanMs: ms * 1.1, probeMs, cpuShare: 1 })),
});

describe('assessVisits', () => {
  it('is done when another visit confirms the lowest', () => {
    const { done, flags, stats } = assessVisits([visit([2.3, 2, 2.1]), visit([2.04, 2.2, 2.02])], quiet, policy);
    expect(done).toBe(true);
    expect(flags).toEqual([]);
    expect(stats).toMatchObject({ latencyMs: 2.01, minMs: 1.96, runs: 30, acceptedRuns: 30, visits: 2 });
  });

  it('knows no repeatability from one accepted visit, and no spread from one slice', () => {
    const alone = assessVisits([visit([2, 2.1, 2.2]), visit([3, 3, 3], 1.8)], quiet, policy);
    expect(alone.stats).toMatchObject({ latencyMs: 2, spreadMs: expect.closeTo(0.1, 9) });
    expect(alone.stats).not.toHaveProperty('repeatabilityMs');
    const slice = assessVisits([visit([2])], quiet, policy);
    for (const key of ['spreadMs', 'repeatabilityMs', 'stdMs']) expect(slice.stats).not.toHaveProperty(key);
    expect(assessVisits([visit([2, 2]), visit([2.02, 2.1])], quiet, policy).stats?.repeatabilityMs).toBeCloseTo(0.01, 9);
  });

  it('is not done after one visit, however many runs it made', () => {
    expect(assessVisits([visit(Array(40).fill(2))], quiet, policy)).toMatchObject({ done: false, flags: [] });
  });

  it('goes on while the lowest visit stands alone, although two slower ones agree', () => {
    const visits = [visit([3, 3, 3]), visit([3.01, 3, 3]), visit([2, 2, 2])];
    expect(assessVisits(visits, quiet, policy)).toMatchObject({ done: false, flags: ['unstable'] });
    const confirmed = assessVisits([...visits, visit([2.02, 2.5, 2.4])], quiet, policy);
    expect(confirmed.done).toBe(true);
    expect(confirmed.stats?.latencyMs).toBeCloseTo(2.01, 9);
  });

  it('does not count runs made while the reference was slow', () => {
    const loud = visit([3.6, 3.6, 3.6], 1.8);
    expect(assessVisits([loud, loud, loud], quiet, policy)).toMatchObject({ done: false, flags: ['contended'], rejected: 9, slices: 9 });
    const { done, stats } = assessVisits([loud, loud, visit([2, 2, 2]), visit([2, 2, 2])], quiet, policy);
    expect(done).toBe(true);
    expect(stats).toMatchObject({ latencyMs: 2, acceptedRuns: 30, runs: 60 });
  });

  it('accepts two visits of one long run each, because they last long enough', () => {
    expect(assessVisits([visit([300]), visit([301])], quiet, policy).done).toBe(true);
  });

  it('flags everything in a session that is doubted', () => {
    expect(assessVisits([visit([2, 2, 2]), visit([2, 2, 2])], { levelMs: 1, doubted: true }, policy).flags).toEqual(['contended']);
  });

  it('knows nothing without visits', () => {
    expect(assessVisits([], quiet, policy)).toMatchObject({ done: false, flags: [], stats: undefined });
  });

  it('finds the quiet latency in phases of noise, where the mean of the same runs does not', () => {
    const rng = new Rng(11);
    const truth = 2;
    const errors: number[] = [];
    const meanErrors: number[] = [];
    for (let kernel = 0; kernel < 300; kernel++) {
      const visits: Visit[] = [];
      for (let count = 0; count < policy.maxVisits; count++) {
        // A busy hardware thread slows the kernel by 1.8 and the reference by 1.4; a shared cache slows the kernel alone, by any amount.
        const loud = rng.float() < 0.4;
        const cache = rng.float() < 0.3 ? 1 + rng.float() : 1;
        const jitter = (): number => 1 + 0.01 * rng.float();
        visits.push(
          visit(
            [0, 1, 2].map(() => truth * (loud ? 1.8 : 1) * cache * jitter()),
            loud ? 1.4 : 1,
          ),
        );
        if (assessVisits(visits, quiet, policy).done) break;
      }
      const assessment = assessVisits(visits, quiet, policy);
      if (assessment.done) errors.push(Math.abs(assessment.stats!.latencyMs / truth - 1));
      meanErrors.push(Math.abs(mean(visits.slice(0, 2).flatMap((v) => v.slices.map((slice) => slice.medianMs))) / truth - 1));
    }
    const within5 = (list: readonly number[]): number => list.filter((error) => error <= 0.05).length / list.length;
    expect(errors.length).toBeGreaterThan(290);
    expect(within5(errors)).toBeGreaterThan(0.98);
    expect(within5(meanErrors)).toBeLessThan(0.5);
  });
});
