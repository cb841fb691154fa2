/**
 * A vector-heavy neighbour that works and rests in turns of 1 to 8 s, so that about half of the time is loud, or never rests.
 *
 * Started by benchmarks, once per CPU and all with the same seed, so that they are loud together. It runs a convolution in a
 * loop on the runtime module that BENCH_RUNTIME names.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Rng, type RuntimeFactory } from '@nnm/core';

const { default: factory } = (await import(process.env.BENCH_RUNTIME!)) as { default: RuntimeFactory };

process.on('disconnect', () => process.exit(0));
process.on('message', async (message: { settings: unknown; model: Uint8Array; seed: number; rests: boolean }) => {
  const runtime = await factory(message.settings);
  const model = await runtime.load(message.model);
  const rng = new Rng(message.seed);
  for (;;) {
    const workUntil = performance.now() + rng.integer(1000, 8000);
    while (performance.now() < workUntil) await model.run();
    const restMs = rng.integer(1000, 8000);
    // A breath lets the end of the benchmark be heard.
    await sleep(message.rests ? restMs : 0);
  }
});
