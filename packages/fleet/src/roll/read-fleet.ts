import { Queue } from 'bullmq';
import { agreeing, type Comparison } from '../calibrate/comparison.ts';
import { readComparison } from '../calibrate/kept-comparison.ts';
import { QUEUE_PREFIX, queueName } from '../protocol.ts';
import { connectQueue, type QueueConnection } from '../redis/connect.ts';
import type { DeviceClass } from './device-class.ts';
import { listClasses, listWorkers } from './roll.ts';
import type { ListedWorker } from './worker-state.ts';

/** Who is in a fleet, and what its queues hold. */
export interface FleetState {
  /** The address without its password. */
  readonly queue: string;
  /** What a user should know of the server, as full sentences. */
  readonly notes: readonly string[];
  readonly workers: readonly ListedWorker[];
  readonly classes: readonly ClassState[];
}

/** A class of devices with its queues. */
export interface ClassState {
  readonly class: DeviceClass;
  /** Names of its devices with a worker that has been heard of in the last day. */
  readonly devices: readonly string[];
  /** Chunks that wait for a worker, and that one has; of the class and of each of its devices. */
  readonly queues: readonly { readonly device?: string; readonly waiting: number; readonly active: number }[];
  /** What `nnm fleet calibrate` has found; absent when nobody has compared its devices. */
  readonly comparison?: Comparison;
  /** Devices that share kernels. */
  readonly sharing: readonly string[];
}

/** Look at a fleet without changing it. @throws what connecting throws */
export async function readFleet(url: string): Promise<FleetState> {
  const connection = await connectQueue(url);
  try {
    const [workers, classes] = await Promise.all([listWorkers(connection.redis), listClasses(connection.redis)]);
    const states = await Promise.all(classes.map((one) => readClass(connection, one, workers)));
    return { queue: connection.shown, notes: connection.notes, workers, classes: states.filter(isInUse) };
  } finally {
    connection.close();
  }
}

async function readClass({ redis }: QueueConnection, one: DeviceClass, workers: readonly ListedWorker[]): Promise<ClassState> {
  const devices = [...new Set(workers.filter(({ classId }) => classId === one.id).map(({ device }) => device))];
  const comparison = await readComparison(redis, one.id);
  const sharing = comparison === undefined ? [] : [...agreeing(comparison)];
  const names = [undefined, ...new Set([...devices, ...(comparison?.devices ?? []).map(({ device }) => device)])];
  const queues = await Promise.all(
    names.map(async (device) => {
      const queue = new Queue(queueName(one.id, device), { connection: redis, prefix: QUEUE_PREFIX });
      queue.on('error', () => undefined); // the commands themselves say what is wrong
      const { waiting = 0, active = 0 } = await queue.getJobCounts('waiting', 'active');
      await queue.close();
      return { ...(device !== undefined && { device }), waiting, active };
    }),
  );
  return { class: one, devices, queues, ...(comparison !== undefined && { comparison }), sharing: sharing.length > 1 ? sharing : [] };
}

/** Classes of runtimes that have been replaced are of no interest once their work is done. */
function isInUse({ devices, queues }: ClassState): boolean {
  return devices.length > 0 || queues.some(({ waiting, active }) => waiting + active > 0);
}
