import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** The CPUs a process was pinned to, or why it was not. */
export type Pinning = { readonly cpus: readonly number[] } | { readonly notPinned: string };

/**
 * Keep a process, with all its threads, on as many logical CPUs as its runtime has threads.
 *
 * Never throws: a measurement without pinning is noisier, not wrong, and the reason is kept with the results.
 */
export async function pinProcess(pid: number, threads: number): Promise<Pinning> {
  if (process.platform !== 'linux') return { notPinned: `Node cannot pin a process on ${process.platform}` };
  const allowed = parseCpuList(/^Cpus_allowed_list:\s*(.+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '');
  const cpus = chooseCpus(allowed, threads, maxFrequency);
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
 * The last of the fastest CPUs: CPU 0 serves most interrupts, and on hybrid processors the last ones may be the slow ones.
 *
 * @param frequencyOf - highest frequency of a CPU, 0 when unknown
 * @returns fewer than `count` when there are not that many
 */
export function chooseCpus(allowed: readonly number[], count: number, frequencyOf: (cpu: number) => number): readonly number[] {
  return [...allowed]
    .sort((a, b) => frequencyOf(b) - frequencyOf(a) || b - a)
    .slice(0, count)
    .sort((a, b) => a - b);
}

function maxFrequency(cpu: number): number {
  const file = `/sys/devices/system/cpu/cpu${cpu}/cpufreq/cpuinfo_max_freq`;
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) || 0 : 0;
}
