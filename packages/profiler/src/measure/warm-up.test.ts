import type { LoadedModel } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { RunTimer } from './timing.ts';
import { warmUp } from './warm-up.ts';

/** A model on a clock of its own, whose runs take what `runMs` says of the number of runs before. */
function model(runMs: (run: number) => number) {
  const state = { nowMs: 0, runs: 0 };
  const loaded: LoadedModel = {
    run: () => {
      state.nowMs += runMs(state.runs++);
    },
    execute: () => [],
    close: () => undefined,
  };
  const clock = () => state.nowMs;
  return { loaded, state, timer: new RunTimer(clock, clock) };
}

describe('warmUp', () => {
  it('ends soon with a model that is always as fast', async () => {
    const { loaded, state, timer } = model(() => 0.1);
    await warmUp(loaded, timer, 0.1);
    expect(state.nowMs).toBeLessThan(250);
  });

  it('goes on while steps of compilation make a model faster', async () => {
    const { loaded, state, timer } = model((run) => (run < 500 ? 0.22 : run < 1500 ? 0.1 : 0.09));
    await warmUp(loaded, timer, 0.22);
    expect(state.runs).toBeGreaterThan(1500);
    expect(state.nowMs).toBeLessThan(1000);
  });

  it('is not kept by noise', async () => {
    const { loaded, state, timer } = model((run) => 0.1 * (1 + ((run * 7919) % 13) / 13));
    await warmUp(loaded, timer, 0.1);
    expect(state.nowMs).toBeLessThan(400);
  });

  it('comes to an end with a model that becomes faster for ever, and with a clock that hardly moves', async () => {
    const faster = model((run) => 10 / (1 + run / 50));
    await warmUp(faster.loaded, faster.timer, 10);
    expect(faster.state.nowMs).toBeLessThan(4000);
    const still = model(() => 1e-9);
    await warmUp(still.loaded, still.timer, 1e-9);
    expect(still.state.runs).toBeLessThan(1e6);
  });
});
