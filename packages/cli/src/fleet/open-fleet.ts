import type { MeasureJobs } from '@nnm/profiler';
import { importFleet } from './import-fleet.ts';
import { type QueueChoice, usesQueue } from './queue-flags.ts';

/** Who measures for a command; disposing of it ends the connection. */
export interface OpenFleet extends AsyncDisposable {
  /** For the context of a pipeline: empty when this process measures. */
  readonly measuring: { readonly measure?: MeasureJobs };
  /** What a user should not miss, as full sentences. */
  readonly cautions: readonly string[];
}

const HERE: OpenFleet = { measuring: {}, cautions: [], [Symbol.asyncDispose]: async () => undefined };

/** Connect to the fleet that the flags name; without one this process measures. @throws what connecting throws */
export async function openFleet(choice: QueueChoice): Promise<OpenFleet> {
  if (!usesQueue(choice)) return HERE;
  const { openFleet } = await importFleet();
  const fleet = await openFleet({ url: choice.queue as string, class: choice.class });
  return { measuring: { measure: fleet.measure }, cautions: fleet.notes, [Symbol.asyncDispose]: async () => fleet.close() };
}
