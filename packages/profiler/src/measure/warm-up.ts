import type { LoadedModel } from '@nnm/core';
import { MAX_TIMINGS, type RunTimer } from './timing.ts';

/** Runs that are looked at together last about this long, milliseconds. */
const BLOCK_MS = 10;
/** A model has become faster when its fastest run of a block is by this share. */
const FASTER = 0.01;
/** It is as fast as it gets when it has not become faster for so long, and for this share of the time since its first run. */
const STEADY_MS = 120;
const STEADY_SHARE = 0.5;
/** Longest, on the host's clock. */
const LONGEST_MS = 3000;
const MAX_BLOCKS = 1000;

/**
 * Run a model until it is as fast as it gets. A runtime in JavaScript is compiled while it runs, in several steps: its first hundred runs may take
 * three times as long as those after a few thousand.
 *
 * @param runMs - about how long a run takes
 */
export async function warmUp(model: LoadedModel, timer: RunTimer, runMs: number): Promise<void> {
  const runs = Math.min(MAX_TIMINGS, Math.max(1, Math.round(BLOCK_MS / runMs)));
  const start = timer.clock();
  const hostEnd = timer.hostClock() + LONGEST_MS;
  let fastest = Number.POSITIVE_INFINITY;
  let fasterAt = 0;
  for (let block = 0; block < MAX_BLOCKS && timer.hostClock() < hostEnd; block++) {
    const best = Math.min(...(await timer.time(model, 1, runs)));
    const passed = timer.since(start);
    if (best < fastest * (1 - FASTER)) fasterAt = passed;
    fastest = Math.min(fastest, best);
    if (passed - fasterAt >= Math.max(STEADY_MS, STEADY_SHARE * passed)) return;
  }
}
