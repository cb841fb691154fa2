import { type AnyBackend, CORE_VERSION } from '@nnm/core';
import { type Environment, environmentDifferences } from '@nnm/profiler';
import type { Redis } from 'ioredis';
import { FleetClassError, FleetSettingsError, FleetVersionError } from '../errors.ts';
import { PROTOCOL } from '../protocol.ts';
import { comparableSettings, type DeviceClass, describeClass, settingsDifferences } from '../roll/device-class.ts';
import { listClasses, listWorkers } from '../roll/roll.ts';
import type { ListedWorker } from '../roll/worker-state.ts';

/** What a build needs of the devices that measure for it. */
export interface ClassNeeds {
  readonly backend: AnyBackend;
  readonly settings: unknown;
  /** Id of the class that is asked for; undefined: the only one there is. */
  readonly class: string | undefined;
  /** Conditions of what has been measured before. */
  readonly environment: Environment | undefined;
}

/** A class with those of its workers that are there, or why there is none yet. */
export type FoundClass =
  | { readonly class: DeviceClass; readonly workers: readonly ListedWorker[] }
  | { readonly missing: string; readonly differing?: Environment };

/**
 * Look for the class of devices that a build wants.
 *
 * @throws {@link FleetVersionError}, {@link FleetSettingsError} when only workers are there that cannot measure for it, {@link FleetClassError}
 *   when several classes could
 */
export async function findClass(redis: Redis, needs: ClassNeeds): Promise<FoundClass> {
  const { backend, settings } = needs;
  const [workers, classes] = await Promise.all([listWorkers(redis), listClasses(redis)]);
  const live = workers.filter((worker) => worker.isLive && worker.backend === backend.id);
  if (live.length === 0) return { missing: `Waiting for a worker that measures with ${backend.id}: none is there.` };
  const ours = live.filter(({ nnm, protocol }) => nnm === CORE_VERSION && protocol === PROTOCOL);
  if (ours.length === 0) {
    const [{ device, nnm, protocol }] = live as [ListedWorker];
    throw new FleetVersionError({
      who: `The worker on ${device} is`,
      theirs: `nnm ${nnm}/${protocol}`,
      ours: `nnm ${CORE_VERSION}/${PROTOCOL}`,
    });
  }
  const there = classes.filter(({ id }) => ours.some(({ classId }) => classId === id));
  const asked = needs.class === undefined ? there : there.filter(({ id }) => id === needs.class);
  if (asked.length === 0) {
    return {
      missing: `Waiting for a worker of class ${needs.class}; those that are there are of ${there.map(({ id }) => id).join(', ')}.`,
    };
  }
  const wanted = comparableSettings(settings);
  const equal = asked.filter(({ settings: theirs }) => settingsDifferences(wanted, theirs).length === 0);
  if (equal.length === 0) {
    const [first] = asked as [DeviceClass];
    throw new FleetSettingsError({ class: first.id, differences: settingsDifferences(wanted, first.settings) });
  }
  const before = needs.environment;
  const same = before === undefined ? equal : equal.filter(({ environment }) => environmentDifferences(before, environment).length === 0);
  if (same.length === 0) {
    const [first] = equal as [DeviceClass];
    return { missing: `Waiting for a device like that of the earlier measurements; ${first.id} is another.`, differing: first.environment };
  }
  if (same.length > 1) {
    throw new FleetClassError({
      message: `There are several classes of devices for ${backend.id}: ${same.map((one) => `${one.id} (${describeClass(one)})`).join('; ')}.`,
      hint: 'Say which with --class; `nnm fleet list` shows them all. Latencies of different classes are not comparable.',
      classes: same.map(({ id }) => id),
    });
  }
  const [found] = same as [DeviceClass];
  return { class: found, workers: ours.filter(({ classId }) => classId === found.id) };
}
