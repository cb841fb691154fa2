import type { Clock } from '../measure/clock-check.ts';

/** Time that this process has spent on a CPU, milliseconds; undefined on Windows, which counts it in ticks of 16 ms. */
export const processCpuClock: Clock | undefined = process.platform === 'win32' ? undefined : readCpuTime;

function readCpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
