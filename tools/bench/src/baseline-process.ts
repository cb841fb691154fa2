/**
 * The usual ways to time a model, for comparison: one child process, no gate, one visit.
 *
 * Started by retest.ts and overhead.ts. `nn-meter`: 10 warm-up runs, then the mean of 50. `benchmark`: that and on until at
 * least 50 runs and 1 s, as TensorFlow Lite's benchmark tool does.
 */
import type { Runtime, RuntimeFactory } from '@nnm/core';

const { default: factory } = (await import(process.env.BENCH_RUNTIME!)) as { default: RuntimeFactory };
let runtime: Runtime | undefined;

/** What the parent asks: both means of one model, or only the first. */
export interface BaselineRequest {
  readonly settings: unknown;
  readonly model: Uint8Array;
  readonly long: boolean;
}

/** Means in milliseconds, NaN for one that was not asked for; `nnMeterRunsMs` is all 60 runs, `nnMeterWallMs` loading too. */
export interface BaselineReply {
  readonly nnMeterMs: number;
  readonly nnMeterRunsMs: number;
  readonly nnMeterWallMs: number;
  readonly benchmarkMs: number;
}

process.on('disconnect', () => process.exit(0));
process.on('message', async ({ settings, model: bytes, long }: BaselineRequest) => {
  runtime ??= await factory(settings);
  const start = performance.now();
  const model = await runtime.load(bytes);
  const runsFrom = performance.now();
  for (let i = 0; i < 10; i++) await model.run();
  const timedFrom = performance.now();
  for (let i = 0; i < 50; i++) await model.run();
  const nnMeterMs = (performance.now() - timedFrom) / 50;
  const nnMeterRunsMs = performance.now() - runsFrom;
  const nnMeterWallMs = performance.now() - start;
  let runs = 50;
  while (long && performance.now() - timedFrom < 1000) {
    await model.run();
    runs++;
  }
  const benchmarkMs = long ? (performance.now() - timedFrom) / runs : Number.NaN;
  await model.close();
  process.send?.({ nnMeterMs, nnMeterRunsMs, nnMeterWallMs, benchmarkMs } satisfies BaselineReply);
});
