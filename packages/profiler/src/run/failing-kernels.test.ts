import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Rng, runToEnd } from '@nnm/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualTimers } from '../__fixtures__/manual-timers.ts';
import { virtualBackend, virtualModel } from '../__fixtures__/virtual-backend.ts';
import type { ProfileEvent, ProfileJob } from '../types.ts';
import { profileInTime, profileKernels } from './profile-kernels.ts';
import type { ProfilerOptions } from './profiler-options.ts';

let folder: string;
let journalFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nnm-failing-'));
  journalFile = join(folder, 'journal.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const backend = virtualBackend((model) => (model === 'reference' ? 0.05 : 1));
const options = (more: Partial<ProfilerOptions> = {}): ProfilerOptions => ({
  backend,
  settings: {},
  referenceModel: () => virtualModel('reference'),
  rng: new Rng(3),
  journalFile,
  ...more,
});

/** Kernels of which `failing` throw what `reason` says. */
function jobs(count: number, failing: (index: number) => boolean, reason: (index: number) => string = () => 'No such op.'): ProfileJob[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `k${index}`,
    hash: 'h',
    model: () => {
      if (failing(index)) throw new Error(reason(index));
      return virtualModel('k');
    },
  }));
}

describe('failed kernels', () => {
  it('are tried again by the next run, once, and what has become of them counts', async () => {
    const first = await runToEnd(
      profileKernels(
        jobs(6, (index) => index < 2),
        options(),
      ),
    );
    expect(first.counts).toMatchObject({ ok: 4, failed: 2 });
    const events: ProfileEvent[] = [];
    const second = await runToEnd(
      profileKernels(
        jobs(6, (index) => index < 1),
        options(),
      ),
      (event) => events.push(event),
    );
    expect(second.counts).toMatchObject({ ok: 5, failed: 1 });
    expect(events[0]).toMatchObject({
      type: 'started',
      resumed: 4,
      retried: 2,
      notes: expect.arrayContaining([expect.stringMatching(/^2 kernels that failed/)]),
    });
    expect(events.filter((event) => event.type === 'record')).toHaveLength(2);
    const third = await runToEnd(
      profileKernels(
        jobs(6, () => false),
        options(),
      ),
    );
    expect(third.counts).toMatchObject({ ok: 6, failed: 0 });
  });

  it('keep the reason of an earlier run when the budget leaves no time to try again', async () => {
    await runToEnd(
      profileKernels(
        jobs(3, (index) => index === 0),
        options(),
      ),
    );
    const summary = await runToEnd(
      profileKernels(
        jobs(3, () => false),
        options({ budgetMs: 0 }),
      ),
    );
    expect(summary.unmeasured).toEqual([]);
    expect(summary.failures).toEqual([{ code: 'ERR_RUNTIME_FAILURE', message: 'No such op.', count: 1, ids: ['k0'] }]);
  });

  it('stand in the summary by reason, the most frequent first, whatever names a message holds', async () => {
    const reason = (index: number): string => (index % 3 === 0 ? 'Out of memory.' : `Op 7 of "graph${index}" needs ${index} MB.`);
    const summary = await runToEnd(
      profileKernels(
        jobs(12, (index) => index < 9, reason),
        options({ policy: { stopAfterAlike: 0 } }),
      ),
    );
    expect(summary.failures.map(({ message, count, ids }) => [message, count, ids.length])).toEqual([
      ['Op 7 of "graph1" needs 1 MB.', 6, 3],
      ['Out of memory.', 3, 3],
    ]);
  });
});

describe('a run whose first kernels all fail alike', () => {
  it('stops and says so; what failed is in the journal', async () => {
    const run = runToEnd(
      profileKernels(
        jobs(
          40,
          () => true,
          (index) => `Tensor ${index} is missing.`,
        ),
        options(),
      ),
    );
    await expect(run).rejects.toMatchObject({
      code: 'ERR_KERNELS_FAIL_ALIKE',
      hang: false,
      message: expect.stringMatching(
        /^The first 5 kernels all failed for the same reason and 35 others were not tried: Tensor \d+ is missing\./,
      ),
    });
    const after = await runToEnd(
      profileKernels(
        jobs(40, () => false),
        options(),
      ),
    );
    expect(after.counts).toMatchObject({ ok: 40, failed: 0 });
  });

  it('goes on when one of them works, when reasons differ, when there are fewer, and when some are measured already', async () => {
    const fails = async (failing: (index: number) => boolean, reason?: (index: number) => string, count = 30, more = {}) =>
      (await runToEnd(profileKernels(jobs(count, failing, reason), options({ journalFile: undefined, ...more })))).counts.failed;
    expect(await fails((index) => index % 2 === 0)).toBe(15);
    expect(
      await fails(
        () => true,
        (index) => (index % 2 === 0 ? 'No such op.' : 'No such type.'),
      ),
    ).toBe(30);
    expect(await fails(() => true, undefined, 4)).toBe(4);
    await runToEnd(
      profileKernels(
        jobs(1, () => false),
        options(),
      ),
    );
    expect(await fails((index) => index > 0, undefined, 30, { journalFile })).toBe(29);
  });
});

describe('a backend that never finishes converting', () => {
  it('costs two time limits, however many kernels there are', async () => {
    const timers = new ManualTimers();
    let asked = 0;
    const stuck: ProfileJob[] = Array.from({ length: 10 }, (_, index) => ({
      id: `k${index}`,
      hash: 'h',
      model: () => {
        asked++;
        setImmediate(() => timers.pass(120_000));
        return new Promise<never>(() => undefined);
      },
    }));
    const run = runToEnd(profileInTime(stuck, options(), timers));
    await expect(run).rejects.toMatchObject({
      code: 'ERR_KERNELS_FAIL_ALIKE',
      hang: true,
      message: expect.stringContaining('within 120 s'),
    });
    expect(asked).toBe(2);
  });

  it('is ended by the budget, without an error and without a failed kernel', async () => {
    const timers = new ManualTimers();
    const stuck: ProfileJob = {
      id: 'stuck',
      hash: 'h',
      model: () => {
        setImmediate(() => timers.pass(12_000));
        return new Promise<never>(() => undefined);
      },
    };
    const summary = await runToEnd(profileInTime([...jobs(3, () => false), stuck], options({ budgetMs: 10_000 }), timers));
    expect(summary).toMatchObject({ counts: { failed: 0 } });
    expect(summary.unmeasured).toContain('stuck');
  });

  it('is ended by the signal', async () => {
    const controller = new AbortController();
    const stuck: ProfileJob = {
      id: 'stuck',
      hash: 'h',
      model: () => {
        setImmediate(() => controller.abort());
        return new Promise<never>(() => undefined);
      },
    };
    await expect(runToEnd(profileKernels([stuck], options({ signal: controller.signal })))).rejects.toMatchObject({ code: 'ERR_ABORTED' });
  });
});

describe('what a run comes last to', () => {
  /** Kernels that pass `passMs` and never end, for as long as `hang` says so. */
  function stuckJobs(count: number, timers: ManualTimers, passMs: number, tried: string[], hang: () => boolean = () => true): ProfileJob[] {
    return Array.from({ length: count }, (_, index) => ({
      id: `stuck${index}`,
      hash: 'h',
      model: () => {
        tried.push(`stuck${index}`);
        if (!hang()) return virtualModel('k');
        setImmediate(() => timers.pass(passMs));
        return new Promise<never>(() => undefined);
      },
    }));
  }

  it('is what hung before; when one hangs again, the others are not tried and keep their failure', async () => {
    const timers = new ManualTimers();
    const tried: string[] = [];
    const works = jobs(4, () => false);
    await runToEnd(profileInTime([...works, ...stuckJobs(5, timers, 120_000, tried)], options({ policy: { stopAfterHangs: 0 } }), timers));
    expect(new Set(tried).size).toBe(5);

    tried.length = 0;
    const notes: string[] = [];
    const more = jobs(7, () => false);
    const again = await runToEnd(profileInTime([...more, ...stuckJobs(5, timers, 120_000, tried)], options(), timers), (event) => {
      if (event.type === 'started') notes.push(...event.notes);
      if (event.type === 'record' && event.record.status === 'ok') expect(tried).toEqual([]);
    });
    expect(again.counts).toMatchObject({ ok: 7, failed: 5 });
    expect(again.failures).toMatchObject([{ code: 'ERR_CONVERSION_TIMEOUT', count: 5 }]);
    expect(tried).toHaveLength(1);
    expect(notes).toContainEqual(
      '5 of them did not come to an end then: they come last, and no other of that kind is tried once one hangs again.',
    );

    const healed = await runToEnd(profileInTime([...more, ...stuckJobs(5, timers, 0, tried, () => false)], options(), timers));
    expect(healed.counts).toMatchObject({ ok: 12, failed: 0 });
  });

  it('is what a budget ended with', async () => {
    const timers = new ManualTimers();
    const tried: string[] = [];
    const stuck = stuckJobs(1, timers, 12_000, tried);
    for (let run = 0; run < 2; run++)
      await runToEnd(profileInTime([...jobs(3, () => false), ...stuck], options({ budgetMs: 10_000 }), timers));
    const third = await runToEnd(profileInTime([...jobs(9, () => false), ...stuck], options({ budgetMs: 10_000 }), timers));
    expect(third.counts).toMatchObject({ ok: 9 });
    expect(third.unmeasured).toEqual(['stuck0']);
  });

  it('is what a process ended in without another word', async () => {
    await runToEnd(
      profileKernels(
        jobs(1, () => false),
        options(),
      ),
    );
    const [begun, ...others] = jobs(6, () => false);
    appendFileSync(journalFile, `${JSON.stringify({ type: 'begun', id: 'k1', hash: 'h' })}\n`);
    const order: string[] = [];
    const run = profileKernels([begun!, ...others], options());
    await runToEnd(run, (event) => {
      if (event.type === 'visit') order.push(event.id);
    });
    expect(order.indexOf('k1')).toBeGreaterThan(Math.max(...['k2', 'k3', 'k4', 'k5'].map((id) => order.indexOf(id))));
  });

  it('is known from the journal before code of others begins', async () => {
    let journal = '';
    const peek: ProfileJob = {
      id: 'k',
      hash: 'h',
      model: () => {
        journal = readFileSync(journalFile, 'utf8');
        return virtualModel('k');
      },
    };
    await runToEnd(profileKernels([peek], options()));
    expect(journal.trimEnd().split('\n').at(-1)).toBe('{"type":"begun","id":"k","hash":"h"}');
  });
});
