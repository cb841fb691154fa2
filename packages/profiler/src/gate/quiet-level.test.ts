import { Rng } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { judgeQuietLevel, QuietLevelLearner } from './quiet-level.ts';

/** Probes of a machine that is quiet at 1 ms and loud at 1.8 ms, 1 % jitter. */
function simulate(rng: Rng, count: number, quietShare: number): number[] {
  return Array.from({ length: count }, () => (rng.float() < quietShare ? 1 : 1.8) * (1 + 0.01 * rng.float()));
}

function learn(probes: readonly number[]): QuietLevelLearner {
  const learner = new QuietLevelLearner();
  for (const probe of probes) learner.add(probe);
  return learner;
}

describe('QuietLevelLearner', () => {
  it.each([0.9, 0.5, 0.05])('finds the quiet level when %f of the probes are quiet', (share) => {
    const { levelMs } = learn(simulate(new Rng(7), 2000, share));
    expect(levelMs).toBeGreaterThan(0.985);
    expect(levelMs).toBeLessThan(1.01);
  });

  it('starts in a noisy minute and corrects itself', () => {
    const rng = new Rng(3);
    const learner = learn(simulate(rng, 3000, 0));
    expect(learner.levelMs).toBeGreaterThan(1.75);
    for (const probe of simulate(rng, 60, 0.6)) learner.add(probe);
    expect(learner.levelMs).toBeLessThan(1.01);
  });

  it('does not believe a few lucky probes', () => {
    const { levelMs } = learn([...Array.from({ length: 11 }, () => 0.5), ...simulate(new Rng(1), 500, 1)]);
    expect(levelMs).toBeGreaterThan(0.95);
  });

  it('knows nothing at first and ignores what is not a time', () => {
    const learner = learn([Number.NaN, 0, -1, Number.POSITIVE_INFINITY]);
    expect(learner.levelMs).toBeUndefined();
    expect(learner.shareUpTo(1)).toBeNaN();
  });

  it('tells the share of quiet probes', () => {
    expect(learn(simulate(new Rng(5), 4000, 0.3)).shareUpTo(1.1)).toBeCloseTo(0.3, 1);
  });
});

describe('judgeQuietLevel', () => {
  const loud = learn(simulate(new Rng(2), 1000, 0));
  const quiet = learn(simulate(new Rng(2), 1000, 0.8));

  it('keeps the best level ever seen, however long this session is noisy, until it had a fair chance', () => {
    expect(judgeQuietLevel(1, loud, false, 0.03)).toEqual({ levelMs: 1, doubted: false });
    const late = judgeQuietLevel(1, loud, true, 0.03);
    expect(late.doubted).toBe(true);
    expect(late.levelMs).toBeCloseTo(1.8, 1);
  });

  it('does not doubt a session that reaches the level, nor one that is merely warm', () => {
    expect(judgeQuietLevel(1, quiet, true, 0.03)).toMatchObject({ doubted: false });
    const warm = learn(simulate(new Rng(4), 1000, 1).map((probe) => probe * 1.06));
    const judged = judgeQuietLevel(1, warm, true, 0.03);
    expect(judged.doubted).toBe(false);
    expect(judged.levelMs).toBeCloseTo(1.06, 1);
  });

  it('takes a better level at once, and any level when none is known', () => {
    expect(judgeQuietLevel(1.5, quiet, false, 0.03).levelMs).toBe(quiet.levelMs);
    expect(judgeQuietLevel(undefined, loud, false, 0.03).levelMs).toBe(loud.levelMs);
    expect(judgeQuietLevel(1, new QuietLevelLearner(), false, 0.03).levelMs).toBe(1);
    expect(judgeQuietLevel(undefined, new QuietLevelLearner(), true, 0.03).levelMs).toBeUndefined();
  });
});
