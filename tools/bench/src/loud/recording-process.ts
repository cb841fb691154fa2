/**
 * Makes raw visits: slices of timed runs with both references, the CPU time and the involuntary context switches around each of them.
 *
 * Started by the benchmark `loud`. Nothing is rejected here and nothing waits for quiet: every estimator is given the same.
 */
import type { LoadedModel, Runtime, RuntimeFactory } from '@nnm/core';
import { quantile } from '@nnm/core';
import { RunTimer } from '../../../../packages/profiler/src/measure/timing.ts';
import type { LoudSlice, Probes, RecorderStart, VisitReply, VisitRequest } from './visit-record.ts';

const SLICE_MS = 0.5;
const WARM_UP_MS = 0.2;
const BATCH_MS = 0.02;
const MAX_RUNS = 256;
/** Runs of the light reference that are timed together. */
const LIGHT_BATCH = 40;

const { default: factory } = (await import(process.env.BENCH_RUNTIME!)) as { default: RuntimeFactory };
const timer = new RunTimer(() => performance.now());
let runtime: Runtime;
let references: Record<keyof Probes, LoadedModel>;

/** Fastest of two timings after one or two others. */
async function probe(model: LoadedModel, warm: number, batch: number): Promise<number> {
  const times = await timer.time(model, batch, warm + 2);
  return round(Math.min(times[warm]!, times[warm + 1]!));
}

async function probeAll(): Promise<Probes> {
  const { convolution, engine, memory, light } = references;
  return {
    convolution: await probe(convolution, 2, 1),
    engine: await probe(engine, 2, 1),
    memory: await probe(memory, 1, 1),
    light: await probe(light, 1, LIGHT_BATCH),
  };
}

const round = (value: number): number => Number(value.toPrecision(6));

function usage(): { readonly cpuMs: number; readonly switches: number } {
  const { userCPUTime, systemCPUTime, involuntaryContextSwitches } = process.resourceUsage();
  return { cpuMs: (userCPUTime + systemCPUTime) / 1000, switches: involuntaryContextSwitches };
}

async function takeSlice(model: LoadedModel, batch: number, count: number): Promise<LoudSlice> {
  const before = usage();
  const times = await timer.time(model, batch, count);
  const after = usage();
  const runs = batch * count;
  return {
    runs,
    minMs: round(Math.min(...times)),
    medianMs: round(quantile(times, 0.5)),
    meanMs: round(times.reduce((sum, time) => sum + time, 0) / count),
    cpuMs: round((after.cpuMs - before.cpuMs) / runs),
    switches: after.switches - before.switches,
    probes: await probeAll(),
  };
}

async function warmUp(model: LoadedModel): Promise<number> {
  const start = performance.now();
  let [runMs = 0] = await timer.time(model, 1, 1);
  for (let runs = 1; performance.now() - start < WARM_UP_MS; runs = Math.min(MAX_RUNS, 2 * runs)) {
    runMs = Math.min(...(await timer.time(model, 1, runs)));
  }
  return Math.max(runMs, 1e-6);
}

async function timePlainly(model: LoadedModel): Promise<number> {
  for (let run = 0; run < 10; run++) await model.run();
  const from = performance.now();
  for (let run = 0; run < 50; run++) await model.run();
  return (performance.now() - from) / 50;
}

async function visit({ model: bytes, slices: count, plain }: VisitRequest): Promise<VisitReply> {
  const model = await runtime.load(bytes);
  try {
    const plainMs = plain ? await timePlainly(model) : undefined;
    const runMs = await warmUp(model);
    const batch = Math.max(1, Math.ceil(BATCH_MS / runMs));
    const perSlice = Math.min(MAX_RUNS, Math.max(1, Math.round(SLICE_MS / (batch * runMs))));
    const first = await probeAll();
    const slices: LoudSlice[] = [];
    for (let slice = 0; slice < count; slice++) slices.push(await takeSlice(model, batch, perSlice));
    return { first, slices, ...(plainMs !== undefined && { plainMs }) };
  } finally {
    await model.close();
  }
}

process.on('disconnect', () => process.exit(0));
process.on('message', async (message: RecorderStart | VisitRequest) => {
  if ('settings' in message) {
    runtime = await factory(message.settings);
    const loaded = await Promise.all(Object.entries(message.references).map(async ([name, bytes]) => [name, await runtime.load(bytes)]));
    references = Object.fromEntries(loaded);
    process.send?.({});
  } else process.send?.(await visit(message));
});
