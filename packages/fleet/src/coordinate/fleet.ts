import { NnmError } from '@nnm/core';
import type { MeasureJobs, ProfilerOptions } from '@nnm/profiler';
import { connectQueue } from '../redis/connect.ts';
import type { FleetSetup } from './devices-watch.ts';
import { FleetRun } from './fleet-run.ts';

/** How to reach a fleet. */
export interface FleetOptions {
  /** Address of a Redis or Valkey, such as `redis://user:password@host:6379`. */
  readonly url: string;
  /** Id of the class of devices that is to measure. Default: the only one that can. */
  readonly class?: string | undefined;
  /** The only device that is to measure, compared with others or not. */
  readonly device?: string | undefined;
}

/** Devices that measure for this process. */
export interface Fleet {
  /** Takes the place of the engine: same jobs, same options, same events. What only concerns a machine's own process is left out. */
  readonly measure: MeasureJobs;
  /** The address without its password. */
  readonly queue: string;
  /** What a user should know of the server, as full sentences. */
  readonly notes: readonly string[];
  close(): void;
}

/**
 * Connect to the queue of a fleet.
 *
 * @throws {@link QueueUrlError}, {@link QueueConnectionError}, {@link QueueAuthError}, {@link NotRedisError}
 * @example
 * const fleet = await openFleet({ url: 'redis://127.0.0.1:6379' });
 * const report = await runToEnd(buildLatencyPredictor({ ...context, measure: fleet.measure }));
 * fleet.close();
 */
export async function openFleet(options: FleetOptions): Promise<Fleet> {
  const connection = await connectQueue(options.url);
  const setup: FleetSetup = { connection, class: options.class, device: undefined, onlyDevice: options.device };
  return {
    measure: async function* (jobs, profilerOptions, timers) {
      const { reference, notes } = await lowerReference(profilerOptions);
      return yield* new FleetRun(jobs, profilerOptions, timers, setup, reference, notes).measure();
    },
    queue: connection.shown,
    notes: connection.notes,
    close: connection.close,
  };
}

/** As the engine does: a backend that refuses the reference measures without a gate, and says so. */
async function lowerReference({
  referenceModel,
}: ProfilerOptions): Promise<{ readonly reference: Uint8Array | undefined; readonly notes: readonly string[] }> {
  try {
    return { reference: await referenceModel?.(), notes: [] };
  } catch (error) {
    if (!NnmError.isInstance(error) || error.code !== 'ERR_UNSUPPORTED_OPERATOR') throw error;
    const note = `Runs are not gated by how quiet the machine is: the backend refuses the reference. ${error.message}`;
    return { reference: undefined, notes: [note] };
  }
}
