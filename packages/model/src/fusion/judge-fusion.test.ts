import { describe, expect, it } from 'vitest';
import { judgeFusion } from './judge-fusion.ts';

const measured = (latencyMs: number, deviationMs = 0.0005) => ({ latencyMs, deviationMs });

describe('ops', () => {
  it('are one when the fastest of them costs nothing more', () => {
    expect(judgeFusion([measured(0.085), measured(0.02)], measured(0.086), 0)).toMatchObject({ verdict: 'one', limitMs: 0.01 });
  });

  it('are separate when nothing is saved', () => {
    expect(judgeFusion([measured(0.085), measured(0.02)], measured(0.105), 0).verdict).toBe('separate');
  });

  it('of 3 beside 85 microseconds prove nothing within the noise', () => {
    expect(judgeFusion([measured(0.085, 0.001), measured(0.003)], measured(0.0853, 0.001), 0).verdict).toBe('undecided');
  });

  it('that save a call only are separate', () => {
    expect(judgeFusion([measured(0.012, 0.0001), measured(0.012, 0.0001)], measured(0.014, 0.0001), 0.01).verdict).toBe('separate');
  });

  it('that take no longer than nothing are undecided', () => {
    expect(judgeFusion([measured(0.01), measured(0.01)], measured(0.01), 0.01).verdict).toBe('undecided');
  });
});
