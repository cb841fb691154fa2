import { AbortedError, CORE_VERSION } from '@nnm/core';
import { type ProfileEvent, type ProfileJob, type ProfilerOptions, SYSTEM_TIMERS } from '@nnm/profiler';
import { findClass } from '../coordinate/find-class.ts';
import { openFleet } from '../coordinate/fleet.ts';
import { FleetClassError, NoWorkerError } from '../errors.ts';
import { connectQueue } from '../redis/connect.ts';
import type { DeviceClass } from '../roll/device-class.ts';
import { serverTime } from '../roll/roll.ts';
import { type Comparison, compareDevices } from './comparison.ts';
import { keepComparison } from './kept-comparison.ts';

/** Which devices are compared, and by what. */
export interface CompareOptions {
  readonly url: string;
  /** Id of the class; default: the only one there is. */
  readonly class?: string | undefined;
  /** Measured on every device: a dozen kernels of different kinds and sizes. At least six. */
  readonly jobs: readonly ProfileJob[];
  /** How; without a journal. */
  readonly profiler: Omit<ProfilerOptions, 'journalFile' | 'files' | 'fresh'>;
  readonly onEvent?: ((device: string, event: ProfileEvent) => void) | undefined;
}

/** What comparing devices has found. */
export interface ComparedFleet {
  readonly class: DeviceClass;
  readonly comparison: Comparison;
}

/**
 * Measure the same kernels on all devices of a class that are there, and keep in Redis how far they lie apart: from then on those that agree
 * share the kernels of a build.
 *
 * @throws what connecting throws; {@link FleetClassError} when there are not two devices to compare, {@link NoWorkerError}
 */
export async function compareFleet({ url, class: asked, jobs, profiler, onEvent }: CompareOptions): Promise<ComparedFleet> {
  const connection = await connectQueue(url);
  try {
    const { backend, settings } = profiler;
    const found = await findClass(connection.redis, { backend, settings, class: asked, environment: undefined });
    if ('missing' in found) throw new NoWorkerError({ reason: found.missing });
    const devices = [...new Set(found.workers.map(({ device }) => device))];
    const [reference, ...others] = devices;
    if (reference === undefined || others.length === 0) {
      throw new FleetClassError({
        message: `There is only one device of class ${found.class.id}, ${reference}: nothing to compare it with.`,
        hint: 'Start `nnm worker` on the others first. One device alone needs no comparison.',
        classes: [found.class.id],
      });
    }
    const latencies = new Map(
      await Promise.all(
        devices.map(async (device) => [device, await measureOn(device, { url, class: found.class.id, jobs, profiler, onEvent })] as const),
      ),
    );
    const ofReference = latencies.get(reference)!;
    const comparison: Comparison = {
      at: new Date(await serverTime(connection.redis)).toISOString(),
      nnm: CORE_VERSION,
      reference,
      devices: others.map((device) => compareDevices(device, latencies.get(device)!, ofReference)),
    };
    if (profiler.signal?.aborted) throw new AbortedError({ what: 'Comparing devices' });
    await keepComparison(connection.redis, found.class.id, comparison);
    return { class: found.class, comparison };
  } finally {
    connection.close();
  }
}

/** Latencies in milliseconds by id; of kernels that failed, or were flagged as uncertain, there is none. */
async function measureOn(
  device: string,
  { url, class: classId, jobs, profiler, onEvent }: CompareOptions,
): Promise<ReadonlyMap<string, number>> {
  const fleet = await openFleet({ url, class: classId, device });
  try {
    const run = fleet.measure(jobs, profiler, SYSTEM_TIMERS);
    for (;;) {
      const step = await run.next();
      if (!step.done) onEvent?.(device, step.value);
      else
        return new Map(
          step.value.records.flatMap((record) =>
            record.status === 'ok' && record.flags.length === 0 ? [[record.id, record.stats.latencyMs]] : [],
          ),
        );
    }
  } finally {
    fleet.close();
  }
}
