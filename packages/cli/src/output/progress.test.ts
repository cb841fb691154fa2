import { Writable } from 'node:stream';
import type { PipelineEvent } from '@nnm/builder';
import { expect, test } from 'vitest';
import { openProgress } from './progress.ts';

function makeSink() {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  return { stream, text: () => text };
}

const stage: PipelineEvent = { type: 'stage', stage: 'profile', kernel: 'toy', mark: 'prior' };
const measured = (done: number): PipelineEvent => ({
  type: 'profile',
  kernel: 'toy',
  mark: 'prior',
  event: { type: 'progress', done, jobs: 100, elapsedMs: 1000, leftMs: 125_000 - 1000 * done, quietShare: 0.875 },
});

test('outside a terminal lines are sparse in time and plain', async () => {
  const { stream, text } = makeSink();
  let nowMs = 0;
  const progress = await openProgress(stream, { now: () => nowMs });
  progress.handle(stage);
  for (let done = 1; done <= 40; done++) {
    nowMs += 1000;
    progress.handle(measured(done));
  }
  progress.stop();
  expect(text()).toBe(
    'toy prior: measured 15 of 100; about 1 min 50 s left, quiet 87.5 %\ntoy prior: measured 30 of 100; about 1 min 35 s left, quiet 87.5 %\n',
  );
});

test('failures and flags are counted in the line, revised records are not counted twice', async () => {
  const { stream, text } = makeSink();
  let nowMs = 0;
  const progress = await openProgress(stream, { now: () => nowMs });
  progress.handle(stage);
  const failed = { status: 'failed', id: 'AAAAAA', error: { code: 'ERR_KERNEL_CRASHED', message: 'it crashed' } } as const;
  const record = (revised: boolean): PipelineEvent => ({
    type: 'profile',
    kernel: 'toy',
    mark: 'prior',
    event: { type: 'record', record: failed, revised },
  });
  for (const revised of [false, true]) progress.handle(record(revised));
  nowMs = 60_000;
  progress.handle(measured(7));
  expect(text()).toBe('toy prior: measured 7 of 100; 1 failed, quiet 87.5 %\n');
});

test('says why rounds ended, and which errors ask for nothing', async () => {
  const { stream, text } = makeSink();
  const progress = await openProgress(stream, { now: () => 0 });
  const validation = { rows: 12, rmseMs: 0.1, rmspe: 0.2, acc5: 0.25, acc10: 0.5, acc15: 0.75, medianError: 0.1, worstDecile: 0.4 };
  progress.handle({ type: 'graded', kernel: 'toy', mark: 'initial', rows: 60, validation, largeErrors: 1, explainedErrors: 4 });
  const message = 'toy ends after 3 of 6 rounds: the last 2 brought the hold-out nothing, so more samples would not either.';
  progress.handle({ type: 'rounds-ended', kernel: 'toy', rounds: 3, reason: 'no-gain', message });
  progress.stop();
  expect(text()).toBe(
    `toy initial: trained on 60 rows; validation within ±10 %: 50.0 % of 12; 1 large error, and 4 that the labels' own scatter explains\n${message}\n`,
  );
});

test('says which kernel of how many it is, the accepted share, the accuracy so far, and the time left in all', async () => {
  const { stream, text } = makeSink();
  let nowMs = 0;
  const progress = await openProgress(stream, { kernels: ['toy', 'boy', 'joy'], now: () => nowMs });
  const profile = (kernel: string, event: Extract<PipelineEvent, { type: 'profile' }>['event']): PipelineEvent => ({
    type: 'profile',
    kernel,
    mark: 'prior',
    event,
  });
  const stats = { latencyMs: 1, meanMs: 1, medianMs: 1, minMs: 1, p10Ms: 1, p90Ms: 1, runs: 80, acceptedRuns: 60, visits: 2 };
  const record = { status: 'ok', id: 'AAAAAA', stats, flags: [], slowdown: 1 } as const;
  const visit = { firstProbeMs: 1, slices: [] };
  const cost = { convertMs: 0, loadMs: 0, warmupMs: 0, timedMs: 0, probeMs: 0, waitedMs: 0 };
  const validation = { rows: 12, rmseMs: 0.1, rmspe: 0.2, acc5: 0.25, acc10: 0.5, acc15: 0.75, medianError: 0.1, worstDecile: 0.4 };
  const measure = (kernel: string): void => {
    progress.handle({ type: 'stage', stage: 'profile', kernel, mark: 'prior' });
    progress.handle(profile(kernel, { type: 'visit', id: 'AAAAAA', visit, cost, visits: 1 }));
    progress.handle(profile(kernel, { type: 'record', record, revised: false }));
    for (const [index, leftMs] of [40_000, 30_000, 20_000, 10_000].entries()) {
      nowMs += 10_000;
      progress.handle(profile(kernel, { type: 'progress', done: 5 + index, jobs: 9, elapsedMs: nowMs, leftMs, quietShare: 1 }));
    }
    progress.handle({ type: 'graded', kernel, mark: 'initial', rows: 9, validation, largeErrors: 0, explainedErrors: 0 });
  };
  measure('toy');
  measure('boy');
  progress.handle({ type: 'stage', stage: 'profile', kernel: 'boy', mark: 'finegrained1' });
  nowMs += 20_000;
  progress.handle(profile('boy', { type: 'progress', done: 1, jobs: 9, elapsedMs: nowMs, leftMs: 9000, quietShare: 1 }));
  const lines = text()
    .split('\n')
    .filter((line) => line.includes('measured'));
  expect(lines).toEqual([
    'toy prior (kernel 1 of 3): measured 6 of 9; accepted 75.0 %, quiet 100.0 %',
    'toy prior (kernel 1 of 3): measured 8 of 9; about 10 s left, accepted 75.0 %, quiet 100.0 %',
    'boy prior (kernel 2 of 3): measured 6 of 9; accepted 75.0 %, quiet 100.0 %',
    'boy prior (kernel 2 of 3): measured 8 of 9; about 10 s left, about 50 s in all, accepted 75.0 %, quiet 100.0 %',
    expect.stringMatching(
      /^boy finegrained1 \(kernel 2 of 3\): measured 1 of 9; about \d+ s in all, quiet 100\.0 %, within ±10 %: 50\.0 %$/,
    ),
  ]);
});
