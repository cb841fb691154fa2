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
  event: { type: 'progress', done, jobs: 100, elapsedMs: 1000, leftMs: 125_000, quietShare: 0.875 },
});

test('outside a terminal lines are sparse in time and plain', async () => {
  const { stream, text } = makeSink();
  let nowMs = 0;
  const progress = await openProgress(stream, () => nowMs);
  progress.handle(stage);
  for (let done = 1; done <= 40; done++) {
    nowMs += 1000;
    progress.handle(measured(done));
  }
  progress.stop();
  expect(text()).toBe(
    'toy prior: measured 15 of 100; quiet 87.5 %, about 2 min 5 s left\ntoy prior: measured 30 of 100; quiet 87.5 %, about 2 min 5 s left\n',
  );
});

test('failures and flags are counted in the line, revised records are not counted twice', async () => {
  const { stream, text } = makeSink();
  let nowMs = 0;
  const progress = await openProgress(stream, () => nowMs);
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
  expect(text()).toBe('toy prior: measured 7 of 100; 1 failed, quiet 87.5 %, about 2 min 5 s left\n');
});

test('says why rounds ended, and which errors ask for nothing', async () => {
  const { stream, text } = makeSink();
  const progress = await openProgress(stream, () => 0);
  const validation = { rows: 12, rmseMs: 0.1, rmspe: 0.2, acc5: 0.25, acc10: 0.5, acc15: 0.75, medianError: 0.1, worstDecile: 0.4 };
  progress.handle({ type: 'graded', kernel: 'toy', mark: 'initial', rows: 60, validation, largeErrors: 1, explainedErrors: 4 });
  const message = 'toy ends after 3 of 6 rounds: the last 2 brought the hold-out nothing, so more samples would not either.';
  progress.handle({ type: 'rounds-ended', kernel: 'toy', rounds: 3, reason: 'no-gain', message });
  progress.stop();
  expect(text()).toBe(
    `toy initial: trained on 60 rows; validation within ±10 %: 50.0 %; 1 large error, and 4 that the labels' own scatter explains\n${message}\n`,
  );
});
