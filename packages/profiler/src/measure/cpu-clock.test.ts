import { expect, it } from 'vitest';
import { processCpuClock } from '../host/cpu-time.ts';
import { isFineCpuClock } from './cpu-clock.ts';

/** A clock that moves by 0.5 µs whenever it is read, and one of CPU time that shows it in steps. */
function clocks(stepMs: number) {
  let nowMs = 0;
  const host = (): number => {
    nowMs += 0.0005;
    return nowMs;
  };
  return [() => Math.floor(nowMs / stepMs) * stepMs, host] as const;
}

it('is fine in microseconds, and coarse in ticks of the scheduler', () => {
  expect(isFineCpuClock(...clocks(0.001))).toBe(true);
  expect(isFineCpuClock(...clocks(4))).toBe(false);
  expect(isFineCpuClock(...clocks(10))).toBe(false);
});

it('is nothing that a clock which stands still can be', () => {
  expect(isFineCpuClock(() => 0, clocks(1)[1])).toBe(false);
});

it.runIf(processCpuClock !== undefined)('moves while this process works', () => {
  const start = processCpuClock!();
  for (let i = 0; processCpuClock!() === start; i++) if (i > 1e9) break;
  expect(processCpuClock!()).toBeGreaterThan(start);
});
