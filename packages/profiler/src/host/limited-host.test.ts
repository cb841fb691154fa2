import { type AnyBackend, type LoadedModel, Rng, type Runtime, runToEnd } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { ManualTimers } from '../__fixtures__/manual-timers.ts';
import { virtualBackend, virtualModel } from '../__fixtures__/virtual-backend.ts';
import { profileInTime } from '../run/profile-kernels.ts';
import type { ProfilerOptions } from '../run/profiler-options.ts';
import { startLimitedHost } from './limited-host.ts';

type Part = 'start' | 'load' | 'run' | 'execute' | 'close model' | 'close';

/** A backend of which one part never settles, for the models that `hangs` says; time passes as soon as that is called. */
function stuckBackend(part: Part, timers: ManualTimers, passMs: number, hangs: (model: string) => boolean = () => true): AnyBackend {
  const backend = virtualBackend((model) => (model === 'reference' ? 0.05 : 1));
  const stick = (): Promise<never> => {
    setImmediate(() => timers.pass(passMs));
    return new Promise<never>(() => undefined);
  };
  const stuckModel = (loaded: LoadedModel): LoadedModel => ({
    run: part === 'run' ? stick : loaded.run,
    execute: part === 'execute' ? stick : loaded.execute,
    close: part === 'close model' ? stick : loaded.close,
  });
  const start = backend.runtime as (settings: unknown) => Runtime | Promise<Runtime>;
  return Object.assign(backend, {
    runtime: async (settings: unknown): Promise<Runtime> => {
      if (part === 'start') return await stick();
      const runtime = await start(settings);
      return {
        info: runtime.info,
        now: () => runtime.now!(),
        load: async (model: Uint8Array) => {
          if (!hangs(new TextDecoder().decode(model))) return await runtime.load(model);
          return part === 'load' ? await stick() : stuckModel(await runtime.load(model));
        },
        close: part === 'close' ? stick : () => runtime.close(),
      };
    },
  });
}

const jobs = Array.from({ length: 6 }, (_, index) => ({ id: `k${index}`, hash: 'h', model: () => virtualModel(`k${index}`) }));
const options = (backend: AnyBackend, more: Partial<ProfilerOptions> = {}): ProfilerOptions => ({
  backend,
  settings: {},
  referenceModel: () => virtualModel('reference'),
  rng: new Rng(3),
  ...more,
});

describe('a runtime of this process that never settles', () => {
  it.each(['load', 'run', 'close model'] as const)(
    'costs the time limit of a kernel in `%s`; the other kernels are measured',
    async (part) => {
      const timers = new ManualTimers();
      const backend = stuckBackend(part, timers, 120_000, (model) => model === 'k1');
      const summary = await runToEnd(profileInTime(jobs, options(backend), timers));
      expect(summary.counts).toMatchObject({ ok: 5, failed: 1 });
      expect(summary.failures).toMatchObject([
        { code: 'ERR_KERNEL_TIMEOUT', message: expect.stringMatching(/^The runtime, which runs in the process of nnm, .* within 120 s/) },
      ]);
    },
  );

  it.each(['load', 'run', 'close model'] as const)('is ended by the budget while `%s` of a kernel hangs', async (part) => {
    const timers = new ManualTimers();
    const backend = stuckBackend(part, timers, 5000, (model) => model === 'k1');
    const summary = await runToEnd(profileInTime(jobs, options(backend, { budgetMs: 3000 }), timers));
    expect(summary.counts.failed).toBe(0);
    expect(summary.unmeasured).toContain('k1');
  });

  it.each(['start', 'load', 'run'] as const)('is ended soon after a small budget when `%s` hangs already as it starts', async (part) => {
    const timers = new ManualTimers();
    const run = runToEnd(profileInTime(jobs, options(stuckBackend(part, timers, 5000), { budgetMs: 3000 }), timers));
    await expect(run).rejects.toMatchObject({ code: 'ERR_RUNTIME_START_TIMEOUT' });
  });

  it('is given up without a budget, too', async () => {
    const timers = new ManualTimers();
    const run = runToEnd(profileInTime(jobs, options(stuckBackend('start', timers, 120_000)), timers));
    await expect(run).rejects.toMatchObject({
      code: 'ERR_RUNTIME_DEATH',
      message: 'The runtime, which runs in the process of nnm, did not finish within 120 s and was given up while starting the runtime.',
    });
  });

  it('does not keep a run from ending when it does not close', async () => {
    const timers = new ManualTimers();
    const summary = await runToEnd(profileInTime(jobs, options(stuckBackend('close', timers, 2000)), timers));
    expect(summary.counts.ok).toBe(6);
  });

  it('says what it was doing when a single inference hangs', async () => {
    const timers = new ManualTimers();
    const { runtime } = stuckBackend('execute', timers, 1000);
    const host = await startLimitedHost(runtime as never, {}, undefined, 1000, timers);
    await expect(host.execute(virtualModel('k'), [])).rejects.toMatchObject({
      code: 'ERR_KERNEL_TIMEOUT',
      message: expect.stringContaining('within 1 s and was given up while running the model'),
    });
  });
});
