/**
 * A neighbour that works and rests in turns of 1 to 8 s, so that about half of the time is loud, or never rests.
 *
 * Started by benchmarks, once per CPU and all with the same seed, so that they are loud together. It runs a convolution in a
 * loop on the runtime module that BENCH_RUNTIME names, or copies memory to and fro, which takes caches and bandwidth from others.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Rng, type RuntimeFactory } from '@nnm/core';

const { default: factory } = (await import(process.env.BENCH_RUNTIME!)) as { default: RuntimeFactory };

process.on('disconnect', () => process.exit(0));
interface Neighbour {
  readonly settings: unknown;
  readonly model: Uint8Array;
  readonly seed: number;
  readonly rests: boolean;
  readonly kind: 'compute' | 'memory';
}

/** More than any cache holds. */
const COPIED_BYTES = 1 << 27;

/** @returns copies a megabyte from one place to the next on each call */
function memoryWork(): () => void {
  const bytes = new Uint8Array(COPIED_BYTES).fill(1);
  const piece = 1 << 20;
  let from = 0;
  return () => {
    const to = (from + piece) % COPIED_BYTES;
    bytes.copyWithin(to, from, from + piece);
    from = to;
  };
}

process.on('message', async (message: Neighbour) => {
  const runtime = await factory(message.settings);
  const model = await runtime.load(message.model);
  const work = message.kind === 'memory' ? memoryWork() : () => model.run();
  const rng = new Rng(message.seed);
  for (;;) {
    const workUntil = performance.now() + rng.integer(1000, 8000);
    while (performance.now() < workUntil) await work();
    const restMs = rng.integer(1000, 8000);
    // A breath lets the end of the benchmark be heard.
    await sleep(message.rests ? restMs : 0);
  }
});
