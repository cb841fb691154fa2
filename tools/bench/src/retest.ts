import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { deviceOf, Rng } from '@nnm/core';
import type { ProfileRecord, ProfileSummary, Visit } from '@nnm/profiler';
import { defineBench, listOf } from './bench.ts';
import { type BenchKernel, benchBackend, benchKernels } from './bench-kernels.ts';
import { measureWithEngine, parsePolicy } from './measure-with-engine.ts';
import { agreement, formatTable } from './report.ts';
import { startBaseline, startNeighbours } from './start-processes.ts';

interface Round {
  readonly summary: ProfileSummary;
  readonly visits: Readonly<Record<string, readonly Visit[]>>;
  readonly engineWallMs: number;
  readonly nnMeter: ReadonlyMap<string, number>;
  readonly nnMeterWallMs: number;
  readonly benchmark: ReadonlyMap<string, number>;
}

export default defineBench({
  question: 'Do two measurements of the same kernels agree?',
  options: {
    backends: { default: 'tflite_cpu,torch_cpu', help: 'backends, separated by commas' },
    device: {
      default: 'here',
      help: 'where the runtime runs: here, or browser, where the baselines, which are programs of Node, are left out',
    },
    kernels: { default: '150', help: 'number of kernels' },
    types: { help: 'kernel types, separated by commas; all by default' },
    neighbour: { default: 'off,on', help: 'with a neighbour on every CPU or without' },
    'gap-s': { default: '60', help: 'seconds between the two measurements' },
    baselines: { default: 'yes', help: 'no: the engine alone is compared' },
    'long-share': { default: '1', help: 'share of the kernels that are also timed for 1 s' },
    seed: { default: '1', help: 'seed of the samples' },
    policy: { help: 'changes of the policy: name=value,...' },
    trace: { help: 'file for the raw visits of one backend, for retest-replay' },
    levels: { help: 'file of quiet levels' },
    'below-ms': { help: 'compare only kernels that take less than this by the first measurement' },
  },
  async run(args) {
    const policy = parsePolicy(args.policy);

    async function measureRound(backendId: string, kernels: readonly BenchKernel[], round: number): Promise<Round> {
      const { backend, settings } = await benchBackend(backendId, args.device);
      const hasBaselines = args.baselines !== 'no' && deviceOf(backend) === undefined;
      const implement = backend.implement[0];
      const shuffled = new Rng(Number(args.seed) + round).shuffle(kernels);
      const nnMeter = new Map<string, number>();
      const benchmark = new Map<string, number>();
      let nnMeterWallMs = 0;
      const measureBaseline = async (kernels: readonly BenchKernel[]): Promise<void> => {
        if (!hasBaselines) return;
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
      const engine = { backend, settings, seed: Number(args.seed) + 100 + round, policy, levelsFile: args.levels || undefined };
      const { summary, wallMs: engineWallMs } = await measureWithEngine(kernels, engine, (event) => {
        if (event.type !== 'visit') return;
        visits[event.id] ??= [];
        visits[event.id]!.push(event.visit);
      });
      await deviceOf(backend)?.close();
      await measureBaseline(shuffled.slice(half));
      return { summary, visits, engineWallMs, nnMeter, nnMeterWallMs, benchmark };
    }

    function latencies(summary: ProfileSummary, keep: (record: ProfileRecord & { status: 'ok' }) => boolean): ReadonlyMap<string, number> {
      return new Map(
        summary.records.flatMap((record) => (record.status === 'ok' && keep(record) ? [[record.id, record.stats.latencyMs]] : [])),
      );
    }

    const figures: Record<string, unknown>[] = [];
    for (const backendId of listOf(args.backends)) {
      const kernels = await benchKernels(Number(args.kernels), Number(args.seed), args.types);
      for (const neighbour of listOf(args.neighbour)) {
        const { backend, settings } = await benchBackend(backendId);
        const stop = neighbour === 'on' ? await startNeighbours(backend, settings, Number(args.seed)) : () => undefined;
        const first = await measureRound(backendId, kernels, 1);
        await sleep(Number(args['gap-s']) * 1000);
        const second = await measureRound(backendId, kernels, 2);
        stop();
        if (args.trace !== '') {
          const rounds = [first, second].map(({ summary, visits, nnMeter, benchmark }) => ({
            drift: summary.drift,
            visits,
            nnMeter: Object.fromEntries(nnMeter),
            benchmark: Object.fromEntries(benchmark),
          }));
          writeFileSync(args.trace, JSON.stringify({ backendId, neighbour, rounds }));
        }
        const limitMs = args['below-ms'] === '' ? Number.POSITIVE_INFINITY : Number(args['below-ms']);
        const small = new Set([...latencies(first.summary, ({ stats }) => stats.latencyMs < limitMs).keys()]);
        const chosen = (labels: ReadonlyMap<string, number>) => new Map([...labels].filter(([id]) => small.has(id)));
        const unflagged = (record: ProfileRecord & { status: 'ok' }): boolean => record.flags.length === 0;
        const rows = [
          {
            policy: 'engine, not flagged',
            ...agreement(chosen(latencies(first.summary, unflagged)), latencies(second.summary, unflagged)),
          },
          {
            policy: 'engine, all',
            ...agreement(
              chosen(latencies(first.summary, () => true)),
              latencies(second.summary, () => true),
            ),
          },
          ...(first.nnMeter.size === 0
            ? []
            : [
                { policy: '10 + 50 runs, mean', ...agreement(chosen(first.nnMeter), second.nnMeter) },
                { policy: '>= 50 runs and >= 1 s, mean', ...agreement(chosen(first.benchmark), second.benchmark) },
              ]),
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
        console.log(
          `\n${backendId}${args.device === 'here' ? '' : ` in a ${args.device}`}, neighbour ${neighbour}: ${kernels.length} kernels measured twice, ${args['gap-s']} s apart`,
        );
        console.log(formatTable(rows));
        console.log(
          `quiet share ${line.quietShare.join(' and ')}; flagged ${(100 * line.flaggedShare).toFixed(1)} %; failed ${line.failed.join(' and ')}; ` +
            `engine ${line.engineWallS.join(' and ')} s in ${line.visits.join(' and ')} visits; 10 + 50 runs ${line.nnMeterWallS.join(' and ')} s`,
        );
        console.log(first.summary.drift.text, second.summary.drift.text);
      }
    }
    return { figures };
  },
});
