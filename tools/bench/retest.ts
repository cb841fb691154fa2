/**
 * Measure the same kernels twice and see whether the two latencies agree: `npm run bench:retest`.
 *
 * The usual policies measure half of the kernels right before the engine and half right after it, so that all of them meet the
 * same good and bad minutes. Options:
 *   --backends tflite_cpu,torch_cpu   --kernels 150   --neighbour off,on   --gap-s 60 (between the rounds)
 *   --long-share 1 (share of the kernels that are also timed for 1 s)   --seed 1   --types conv-bn-relu,... (default: all)
 *   --policy name=value,...   --trace FILE (raw visits of one backend, for retest-replay.ts and retest-stopping.ts)   --levels FILE
 */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Rng } from '@nnm/core';
import type { ProfileRecord, ProfileSummary, Visit } from '@nnm/profiler';
import { measureWithEngine, parsePolicy } from './retest-engine.ts';
import { type BenchKernel, benchBackend, benchKernels } from './retest-kernels.ts';
import { startBaseline, startNeighbours } from './retest-processes.ts';
import { agreement, formatTable } from './retest-report.ts';

const { values: args } = parseArgs({
  options: {
    backends: { type: 'string', default: 'tflite_cpu,torch_cpu' },
    kernels: { type: 'string', default: '150' },
    types: { type: 'string' },
    neighbour: { type: 'string', default: 'off,on' },
    'gap-s': { type: 'string', default: '60' },
    'long-share': { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    policy: { type: 'string', default: '' },
    trace: { type: 'string' },
    levels: { type: 'string' },
  },
});
const policy = parsePolicy(args.policy);

interface Round {
  readonly summary: ProfileSummary;
  readonly visits: Readonly<Record<string, readonly Visit[]>>;
  readonly engineWallMs: number;
  readonly nnMeter: ReadonlyMap<string, number>;
  readonly nnMeterWallMs: number;
  readonly benchmark: ReadonlyMap<string, number>;
}

async function measureRound(backendId: string, kernels: readonly BenchKernel[], round: number): Promise<Round> {
  const { backend, settings } = await benchBackend(backendId);
  const implement = backend.implement[0];
  const shuffled = new Rng(Number(args.seed) + round).shuffle(kernels);
  const nnMeter = new Map<string, number>();
  const benchmark = new Map<string, number>();
  let nnMeterWallMs = 0;
  const measureBaseline = async (kernels: readonly BenchKernel[]): Promise<void> => {
    const baseline = startBaseline(backend, settings);
    for (const { id, graph } of kernels) {
      const long = benchmark.size < Number(args['long-share']) * shuffled.length;
      const reply = await baseline.measure(await backend.convert(graph, implement), long);
      nnMeter.set(id, reply.nnMeterMs);
      nnMeterWallMs += reply.nnMeterWallMs;
      if (long) benchmark.set(id, reply.benchmarkMs);
    }
    baseline.stop();
  };

  const half = Math.ceil(shuffled.length / 2);
  await measureBaseline(shuffled.slice(0, half));
  const visits: Record<string, Visit[]> = {};
  const engine = { backend, settings, seed: Number(args.seed) + 100 + round, policy, levelsFile: args.levels };
  const { summary, wallMs: engineWallMs } = await measureWithEngine(kernels, engine, (event) => {
    if (event.type !== 'visit') return;
    visits[event.id] ??= [];
    visits[event.id]!.push(event.visit);
  });
  await measureBaseline(shuffled.slice(half));
  return { summary, visits, engineWallMs, nnMeter, nnMeterWallMs, benchmark };
}

function latencies(summary: ProfileSummary, keep: (record: ProfileRecord & { status: 'ok' }) => boolean): ReadonlyMap<string, number> {
  return new Map(
    summary.records.flatMap((record) => (record.status === 'ok' && keep(record) ? [[record.id, record.stats.latencyMs]] : [])),
  );
}

const figures: Record<string, unknown>[] = [];
for (const backendId of args.backends.split(',')) {
  const kernels = await benchKernels(Number(args.kernels), Number(args.seed), args.types);
  for (const neighbour of args.neighbour.split(',')) {
    const { backend, settings } = await benchBackend(backendId);
    const stop = neighbour === 'on' ? await startNeighbours(backend, settings, Number(args.seed)) : () => undefined;
    const first = await measureRound(backendId, kernels, 1);
    await sleep(Number(args['gap-s']) * 1000);
    const second = await measureRound(backendId, kernels, 2);
    stop();
    if (args.trace !== undefined) {
      const rounds = [first, second].map(({ summary, visits, nnMeter, benchmark }) => ({
        drift: summary.drift,
        visits,
        nnMeter: Object.fromEntries(nnMeter),
        benchmark: Object.fromEntries(benchmark),
      }));
      writeFileSync(args.trace, JSON.stringify({ backendId, neighbour, rounds }));
    }
    const unflagged = (record: ProfileRecord & { status: 'ok' }): boolean => record.flags.length === 0;
    const rows = [
      { policy: 'engine, not flagged', ...agreement(latencies(first.summary, unflagged), latencies(second.summary, unflagged)) },
      {
        policy: 'engine, all',
        ...agreement(
          latencies(first.summary, () => true),
          latencies(second.summary, () => true),
        ),
      },
      { policy: '10 + 50 runs, mean', ...agreement(first.nnMeter, second.nnMeter) },
      { policy: '>= 50 runs and >= 1 s, mean', ...agreement(first.benchmark, second.benchmark) },
    ];
    const counts = [first.summary, second.summary].map(({ counts }) => counts);
    const measured = counts.reduce((sum, { ok }) => sum + ok, 0);
    const line = {
      backend: backendId,
      neighbour,
      kernels: kernels.length,
      quietShare: [first, second].map(({ summary }) => Number(summary.drift.quietShare.toFixed(3))),
      flaggedShare: Number((counts.reduce((sum, { flagged }) => sum + flagged, 0) / measured).toFixed(4)),
      failed: counts.map(({ failed }) => failed),
      visits: counts.map(({ visits }) => visits),
      engineWallS: [first, second].map(({ engineWallMs }) => Number((engineWallMs / 1000).toFixed(1))),
      nnMeterWallS: [first, second].map(({ nnMeterWallMs }) => Number((nnMeterWallMs / 1000).toFixed(1))),
      rows,
    };
    figures.push(line);
    console.log(`\n${backendId}, neighbour ${neighbour}: ${kernels.length} kernels measured twice, ${args['gap-s']} s apart`);
    console.log(formatTable(rows));
    console.log(
      `quiet share ${line.quietShare.join(' and ')}; flagged ${(100 * line.flaggedShare).toFixed(1)} %; failed ${line.failed.join(' and ')}; ` +
        `engine ${line.engineWallS.join(' and ')} s in ${line.visits.join(' and ')} visits; 10 + 50 runs ${line.nnMeterWallS.join(' and ')} s`,
    );
    console.log(first.summary.drift.text, second.summary.drift.text);
  }
}
console.log(JSON.stringify({ bench: 'retest', figures }));
