import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SYSTEM_TIMERS } from './timers.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('wait as long as they are told to', () => {
  const action = vi.fn();
  SYSTEM_TIMERS.after(12_000, action);
  vi.advanceTimersByTime(11_999);
  expect(action).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(action).toHaveBeenCalledOnce();
});

it('can be called off in any of their steps, and never fire for more than they can count', () => {
  const action = vi.fn();
  const cancel = SYSTEM_TIMERS.after(12_000, action);
  vi.advanceTimersByTime(7000);
  cancel();
  SYSTEM_TIMERS.after(Number.POSITIVE_INFINITY, action);
  vi.advanceTimersByTime(100_000);
  expect(action).not.toHaveBeenCalled();
});

it('give who is waited for the rest of its time after a sleep', () => {
  // What a process finds when it goes on: its clock has moved by an hour, and one timer is due.
  const due: (() => void)[] = [];
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((action: () => void) => due.push(action)) as never);
  const action = vi.fn();
  SYSTEM_TIMERS.after(120_000, action);
  due.shift()!();
  expect(action).not.toHaveBeenCalled();
  for (let step = 1; step < 24; step++) due.shift()!();
  expect(action).toHaveBeenCalledOnce();
  vi.restoreAllMocks();
});
