import { CORE_VERSION } from '@nnm/core';
import { describeDifference, environmentDifferences } from '@nnm/profiler';
import { FleetClassError, FleetVersionError } from '../errors.ts';
import { PROTOCOL } from '../protocol.ts';
import type { QueueConnection } from '../redis/connect.ts';
import { type DeviceClass, settingsDifferences } from '../roll/device-class.ts';
import { listClasses, listWorkers } from '../roll/roll.ts';

/** A name of a device becomes part of the names of keys and queues. @throws {@link FleetClassError} */
export function checkDevice(name: string): string {
  if (/^[\w.-]{1,64}$/.test(name)) return name;
  throw new FleetClassError({
    message: `"${name}" cannot be the name of a device.`,
    hint: 'Use up to 64 letters, digits, dots, hyphens and underscores.',
    classes: [],
  });
}

/** @throws {@link FleetVersionError}, {@link FleetClassError} */
export async function assertWelcome({ redis }: QueueConnection, own: DeviceClass, wanted: string | undefined): Promise<void> {
  const other = (await listWorkers(redis)).find(({ isLive, nnm, protocol }) => isLive && (nnm !== CORE_VERSION || protocol !== PROTOCOL));
  if (other !== undefined) {
    throw new FleetVersionError({
      who: `The worker on ${other.device} is`,
      theirs: `nnm ${other.nnm} (protocol ${other.protocol})`,
      ours: `nnm ${CORE_VERSION} (protocol ${PROTOCOL})`,
    });
  }
  if (wanted === undefined || wanted === own.id) return;
  const classes = await listClasses(redis);
  const named = classes.find(({ id }) => id === wanted);
  const known = classes.map(({ id }) => id);
  if (named === undefined) {
    throw new FleetClassError({
      message: `There is no class "${wanted}", and this device is of ${own.id}. Known: ${known.join(', ') || 'none'}.`,
      hint: 'Leave --class out: the device then says of which class it is.',
      classes: known,
    });
  }
  throw new FleetClassError({
    message: `This device is not of class ${wanted}: ${classDifferences(named, own).join('; ')}.`,
    hint: 'Make them equal, such as by installing the same version of the runtime, or leave --class out: latencies of different classes are not comparable.',
    classes: known,
  });
}

/** How two classes differ, as phrases. */
function classDifferences(was: DeviceClass, is: DeviceClass): readonly string[] {
  return [
    ...(was.backend === is.backend ? [] : [`backend was ${was.backend}, is ${is.backend}`]),
    ...environmentDifferences(was.environment, is.environment).map(describeDifference),
    ...settingsDifferences(is.settings, was.settings),
    ...(was.nnm === is.nnm ? [] : [`nnm was ${was.nnm}, is ${is.nnm}`]),
  ];
}

/** What to know of others: a second worker of this device disturbs the first, and another class is not the same. */
export async function neighbourNotes({ redis }: QueueConnection, own: DeviceClass, device: string): Promise<readonly string[]> {
  const [workers, classes] = await Promise.all([listWorkers(redis), listClasses(redis)]);
  const live = workers.filter(({ isLive }) => isLive);
  const same = live.filter((worker) => worker.device === device).length;
  const liveIds = new Set(live.map(({ classId }) => classId));
  const others = classes.filter(({ id, backend }) => backend === own.backend && id !== own.id && liveIds.has(id));
  return [
    ...(same > 1
      ? [`${same} workers say that they are on ${device}: they disturb each other. Give each device a name of its own with --name.`]
      : []),
    ...others.map((other) => `This device is of another class than ${other.id}: ${classDifferences(other, own).join('; ')}.`),
  ];
}
