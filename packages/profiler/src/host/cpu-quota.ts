import path from 'node:path';
import { readSensor, SENSOR_FOLDERS, type SensorFolders } from './sensor-folders.ts';

/** How much CPU time the control groups of this process let it have together with its neighbours in them. */
export interface CpuQuota {
  /** CPUs; 0.5 is half the time of one. */
  readonly cpus: number;
  /** How long processes of the group have been stopped for having used it up, milliseconds, since the group was made. */
  readonly stoppedMs: number;
}

const NANOSECONDS = 1e6;
const MICROSECONDS = 1e3;

/** The smallest quota that this process has, as in a container with `--cpus`; undefined without one, and where the system does not tell. */
export function readCpuQuota({ sys, proc }: SensorFolders = SENSOR_FOLDERS): CpuQuota | undefined {
  const lines = (readSensor(path.posix.join(proc, 'self/cgroup')) ?? '').split('\n').map((line) => line.split(':'));
  const quotas = lines.flatMap(([, controllers = '', ...rest]) => {
    const group = rest.join(':');
    const root = path.posix.join(sys, 'fs/cgroup');
    if (controllers === '') return groupsOf(group).map((folder) => secondVersion(path.posix.join(root, folder)));
    if (!controllers.split(',').includes('cpu')) return [];
    return [controllers, 'cpu'].flatMap((name) => groupsOf(group).map((folder) => firstVersion(path.posix.join(root, name, folder))));
  });
  return quotas.filter((quota) => quota !== undefined).sort((a, b) => a.cpus - b.cpus)[0];
}

/** `0.5 CPUs`, `1 CPU`. */
export function formatCpus(cpus: number): string {
  return `${Number(cpus.toFixed(2))} CPU${cpus === 1 ? '' : 's'}`;
}

/** A group and those it lies in. Inside a container its own is the root, whatever it is called outside. */
function groupsOf(group: string): readonly string[] {
  return group === '/' || group === '.' || !group.startsWith('/') ? ['/'] : [group, ...groupsOf(path.posix.dirname(group))];
}

function secondVersion(folder: string): CpuQuota | undefined {
  const [quota, period] = (readSensor(path.posix.join(folder, 'cpu.max')) ?? '').split(/\s+/).map(Number);
  return toQuota(quota, period, readSensor(path.posix.join(folder, 'cpu.stat')));
}

function firstVersion(folder: string): CpuQuota | undefined {
  const [quota, period] = ['cpu.cfs_quota_us', 'cpu.cfs_period_us'].map((name) => Number(readSensor(path.posix.join(folder, name))));
  return toQuota(quota, period, readSensor(path.posix.join(folder, 'cpu.stat')));
}

/** `max` and -1 are no quota. */
function toQuota(quota = Number.NaN, period = Number.NaN, statistics = ''): CpuQuota | undefined {
  if (!(quota > 0 && period > 0)) return undefined;
  const say = (name: string): number => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(statistics)?.[1] ?? 0);
  return { cpus: quota / period, stoppedMs: say('throttled_usec') / MICROSECONDS + say('throttled_time') / NANOSECONDS };
}
