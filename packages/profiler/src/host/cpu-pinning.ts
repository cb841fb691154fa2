import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { Pinning } from '@nnm/core';

/** Ticks that every CPU has been busy and has existed, by its number. */
export type CpuTimes = ReadonlyMap<number, { readonly busy: number; readonly total: number }>;

/** Keeps a process of this machine on CPUs that others have left free since the last time, or since this was made. */
export class CpuPinner {
  private since = readCpuTimes();

  /** See {@link pinProcess}. @param threads - of its runtime */
  async pin(pid: number, threads: number): Promise<Pinning> {
    const pinning = await pinProcess(pid, threads, this.since);
    this.since = readCpuTimes();
    return pinning;
  }
}

/** A CPU that others have kept busy for more than this share of the time is avoided if another one is free. */
const BUSY = 0.5;

/**
 * Keep a process, with all its threads, on as many logical CPUs as its runtime has threads.
 *
 * CPUs that were busy since `since` are avoided: another measurement may be pinned there, and the kernel cannot move it.
 * Never throws: a measurement without pinning is noisier, not wrong, and the reason is kept with the results.
 */
export async function pinProcess(pid: number, threads: number, since: CpuTimes): Promise<Pinning> {
  if (process.platform !== 'linux') return { notPinned: `Node cannot pin a process on ${process.platform}` };
  const allowed = parseCpuList(/^Cpus_allowed_list:\s*(.+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '');
  const cpus = chooseCpus(allowed, threads, maxFrequency, busyShares(since, readCpuTimes()));
  if (cpus.length < threads) return { notPinned: `the runtime has ${threads} threads and ${allowed.length} CPUs are available` };
  return await new Promise((resolve) => {
    execFile('taskset', ['-a', '-c', '-p', cpus.join(','), String(pid)], { timeout: 5000 }, (error) => {
      if (error === null) resolve({ cpus });
      else if ('code' in error && error.code === 'ENOENT') resolve({ notPinned: 'the program taskset (util-linux) is not installed' });
      else resolve({ notPinned: `taskset failed: ${error.message.split('\n')[0]}` });
    });
  });
}

/** The numbers of a Linux CPU list such as `0-2,5`. */
export function parseCpuList(list: string): readonly number[] {
  return list
    .split(',')
    .filter((part) => part.trim() !== '')
    .flatMap((part) => {
      const [first, last = first] = part.trim().split('-').map(Number) as [number, number?];
      return Array.from({ length: last! - first + 1 }, (_, index) => first + index);
    });
}

/**
 * The last of the fastest CPUs that are not busy: CPU 0 serves most interrupts, and on hybrid processors the last ones may
 * be the slow ones.
 *
 * @param frequencyOf - highest frequency of a CPU, 0 when unknown
 * @param busyShare - share of the time that a CPU was busy lately; absent CPUs count as free
 * @returns fewer than `count` when there are not that many
 */
export function chooseCpus(
  allowed: readonly number[],
  count: number,
  frequencyOf: (cpu: number) => number,
  busyShare: ReadonlyMap<number, number> = new Map(),
): readonly number[] {
  const isBusy = (cpu: number): number => ((busyShare.get(cpu) ?? 0) > BUSY ? 1 : 0);
  return [...allowed]
    .sort((a, b) => frequencyOf(b) - frequencyOf(a) || isBusy(a) - isBusy(b) || b - a)
    .slice(0, count)
    .sort((a, b) => a - b);
}

/** Times of all CPUs since the system started; empty where there is no /proc/stat. */
export function readCpuTimes(): CpuTimes {
  return existsSync('/proc/stat') ? parseCpuTimes(readFileSync('/proc/stat', 'utf8')) : new Map();
}

/** The `cpuN` lines of /proc/stat: user nice system idle iowait irq softirq steal. */
export function parseCpuTimes(stat: string): CpuTimes {
  return new Map(
    [...stat.matchAll(/^cpu(\d+) (.+)$/gm)].map(([, cpu, fields]) => {
      const ticks = fields!.trim().split(/\s+/).slice(0, 8).map(Number);
      const total = ticks.reduce((sum, value) => sum + value, 0);
      return [Number(cpu), { busy: total - (ticks[3] ?? 0) - (ticks[4] ?? 0), total }];
    }),
  );
}

function busyShares(since: CpuTimes, now: CpuTimes): ReadonlyMap<number, number> {
  return new Map(
    [...now].flatMap(([cpu, { busy, total }]) => {
      const before = since.get(cpu);
      return before === undefined || total === before.total ? [] : [[cpu, (busy - before.busy) / (total - before.total)] as const];
    }),
  );
}

function maxFrequency(cpu: number): number {
  const file = `/sys/devices/system/cpu/cpu${cpu}/cpufreq/cpuinfo_max_freq`;
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) || 0 : 0;
}
