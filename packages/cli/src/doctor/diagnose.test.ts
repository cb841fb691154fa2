import type { NoiseReport } from '@nnm/profiler';
import { expect, test } from 'vitest';
import { judgeNoise } from './diagnose.ts';

const report = (quietShare: number, doubted = false): NoiseReport => ({
  seconds: 5,
  slowdown: 1.234,
  drift: {
    quietShare,
    probes: 1000,
    quietLevelMs: 0.04,
    knownLevelMs: 0.03,
    sessionLevelMs: 0.04,
    doubted,
    intervals: [],
    text: '',
  },
});

test('a quiet machine is fine', () => {
  const { status, text, details } = judgeNoise('b', report(0.95));
  expect(status).toBe('ok');
  expect(text).toBe('quiet 95.0 % of 5 s, the reference kernel 1.23 times its quiet time');
  expect(details).toMatchObject({ quietShare: 0.95, slowdown: 1.234, doubted: false });
});

test('a busy one is a warning, no failure', () => {
  expect(judgeNoise('b', report(0.2))).toMatchObject({
    status: 'warning',
    hint: expect.stringContaining('Something else uses this machine'),
  });
});

test('a machine that never comes near its known speed is doubted even when it is steady', () => {
  const { status, text, hint } = judgeNoise('b', report(0.99, true));
  expect(status).toBe('warning');
  expect(text).toContain('never came near its best known speed');
  expect(hint).toContain('every latency would be in doubt');
});
