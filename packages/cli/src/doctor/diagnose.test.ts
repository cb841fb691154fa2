import type { NoiseReport } from '@nnm/profiler';
import { expect, test } from 'vitest';
import { judgeNoise } from './diagnose.ts';

const report = (quietShare: number, doubted = false, unreached?: NoiseReport['drift']['unreached']): NoiseReport => ({
  seconds: 5,
  slowdown: 1.234,
  drift: {
    quietShare,
    probes: 1000,
    quietLevelMs: 0.04,
    knownLevelMs: 0.03,
    sessionLevelMs: 0.04,
    doubted,
    ...(unreached !== undefined && { unreached }),
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

test.each([
  ['steady', 0.99, true],
  ['judged by what it once was', 0, false],
])('a machine that never comes near its known speed is doubted even when it is %s', (_, quietShare, doubted) => {
  const { status, text, hint } = judgeNoise('b', report(quietShare, doubted, { slowdown: 1.4, since: '2026-01-05T08:00:00.000Z' }));
  expect(status).toBe('warning');
  expect(text).toContain('never came near its best known speed (1.40 times slower), nor has any session since 2026-01-05');
  expect(hint).toContain('`nnm doctor --relearn`');
});
