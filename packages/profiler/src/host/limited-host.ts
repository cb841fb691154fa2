import type { RuntimeFactory } from '@nnm/core';
import { WorkerDeathError } from '../errors.ts';
import { SYSTEM_TIMERS, type Timers } from '../timers.ts';
import { processCpuClock } from './cpu-time.ts';
import { type RuntimeHost, startLocalHost } from './runtime-host.ts';

/** How long closing a runtime of this process may take. */
const CLOSE_PATIENCE_MS = 2000;

/**
 * Start a runtime in this process whose calls have the time limit of those to a child: one that waits for ever is given up, with the error
 * of a child that was stopped. It cannot be stopped here, only left: close the host and start another. A call that never gives control back
 * keeps everything in this process from running, this limit included: `nnm` has another process that ends this one then.
 *
 * @param timeoutMs - longest that starting, and every call, may take
 * @throws what the runtime's factory throws, {@link WorkerDeathError}
 */
export async function startLimitedHost(
  factory: RuntimeFactory<unknown>,
  settings: unknown,
  reference: Uint8Array | undefined,
  timeoutMs: number,
  timers: Timers,
): Promise<RuntimeHost> {
  let hangs = false;
  const limit = <T>(work: Promise<T>, doing: string): Promise<T> =>
    inTime(work, timeoutMs, timers, doing).catch((error: unknown) => {
      hangs ||= error instanceof WorkerDeathError;
      throw error;
    });
  const host = await limit(
    startLocalHost(factory, settings, reference, { hostClock: timers.hostClock?.bind(timers), cpuClock: processCpuClock }),
    'starting the runtime',
  );
  return {
    info: host.info,
    get clock() {
      return host.clock;
    },
    notGated: host.notGated,
    visit: (delivery, plan) => limit(host.visit(delivery, plan), 'measuring the kernel'),
    probe: (durationMs, plan) => limit(host.probe(durationMs, plan), 'running the reference'),
    execute: (model, inputs) => limit(host.execute(model, inputs), 'running the model'),
    profile: (model, runs) => limit(host.profile(model, runs), 'profiling the model'),
    close: async () => {
      // Its turn comes after that of the call which hangs.
      const closed = inTime(host.close(), hangs ? 0 : CLOSE_PATIENCE_MS, SYSTEM_TIMERS, 'closing the runtime');
      await closed.catch((error: unknown) => {
        // Nobody waits for it any longer.
        if (!(error instanceof WorkerDeathError)) throw error;
      });
    },
  };
}

function inTime<T>(work: Promise<T>, ms: number, timers: Timers, doing: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = timers.after(ms, () => {
      const reason = `did not finish within ${ms / 1000} s and was given up`;
      reject(new WorkerDeathError({ death: { code: 'ERR_KERNEL_TIMEOUT', reason, place: 'caller' }, doing, started: true }));
    });
    work.then(resolve, reject).finally(cancel);
  });
}
