import type { KernelBuild } from '@nnm/builder';
import { expect, test } from 'vitest';
import { UncertainLabels } from './uncertain-labels.ts';

const label = (repeatabilityMs: number | undefined, flags: readonly string[] = []) => ({
  status: 'ok',
  latencyMs: 2,
  repeatabilityMs,
  flags,
});
const buildOf = (...samples: object[]) => ({ samples, holdout: [] }) as unknown as KernelBuild;
const finished = (visits: number, timedMs: number) =>
  ({
    type: 'profile',
    kernel: 'relu',
    mark: 'prior',
    event: { type: 'finished', summary: { counts: { visits }, cost: { loadMs: 100, warmupMs: 0, timedMs, probeMs: 0, waitedMs: 1e9 } } },
  }) as unknown as Parameters<UncertainLabels['onEvent']>[0];

test('says how many labels are uncertain, by how much, and how much quiet would settle them', () => {
  const uncertain = new UncertainLabels();
  uncertain.onEvent(finished(4, 1900));
  uncertain.onEvent(finished(16, 17_900));
  const builds = [buildOf(label(0.2, ['contended']), label(0.02)), buildOf(label(undefined, ['budget']), label(0.02))];
  expect(uncertain.describe(builds, 'nnm build --settle -w ws')).toBe(
    'Uncertain: 2 of 4 labels (50.0 %). They are off by 10.0 %, the others by 1.0 %, as far as their visits tell. `nnm build --settle -w ws` measures them again when the machine is quiet, which takes about 4 s of quiet.',
  );
});

test('does not say that settling takes no time', () => {
  const uncertain = new UncertainLabels();
  uncertain.onEvent(finished(100, 400));
  expect(uncertain.describe([buildOf(label(0.2, ['contended']))], 'settle')).toContain('takes about 1 s of quiet');
});

test('says only what is known: no spread, no visits, failed kernels', () => {
  const builds = [buildOf(label(undefined, ['budget']), { status: 'failed', error: { code: 'ERR', message: '' } })];
  expect(new UncertainLabels().describe(builds, 'settle')).toBe(
    'Uncertain: 1 of 1 label (100.0 %). `settle` measures them again when the machine is quiet.',
  );
});

test('is silent where nothing is flagged', () => {
  expect(new UncertainLabels().describe([buildOf(label(0.1))], 'settle')).toBe('');
});
