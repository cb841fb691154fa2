import type { Clock } from './clock-check.ts';

/** Steps that tell how much of a slice of 0.75 ms a process was on a CPU. */
const FINE_STEP_MS = 0.02;
const LONGEST_LOOK_MS = 30;

/**
 * Whether a clock of CPU time counts finely enough to tell slices apart. Sandboxes such as gVisor, and kernels that count by ticks, give
 * most slices no time at all.
 */
export function isFineCpuClock(cpuClock: Clock, hostClock: Clock = () => performance.now()): boolean {
  const hostStart = hostClock();
  // As long as this runs, it is on a CPU.
  for (let last = cpuClock(); hostClock() - hostStart < LONGEST_LOOK_MS; ) {
    const now = cpuClock();
    if (now > last && now - last <= FINE_STEP_MS) return true;
    last = now;
  }
  return false;
}
