import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AnyBackend } from '@nnm/core';
import { type ProfilePolicy, type ProfileSummary, resolvePolicy, type Visit } from '@nnm/profiler';
import { defineBench, listOf } from './bench.ts';
import { type BenchKernel, benchBackend, benchKernels } from './bench-kernels.ts';
import { type ArmLabels, type ArmResult, compareWithTruth, formatArms, visitRules } from './gate-arms.ts';
import { measureWithEngine } from './measure-with-engine.ts';
import { type Neighbours, startBaseline, startNeighbours } from './start-processes.ts';

/** Visits without waiting and without an end before all are made: every rule is given the same. */
const TRACE: Partial<ProfilePolicy> = {
  maxWaitMs: 0,
  minWaitMs: 0,
  quietTolerance: 1000,
  minSlices: 1e5,
  enoughTimedMs: 1e6,
  maxCostRatio: 1000,
};

/** Neighbours by name of the scenario. */
const SCENARIOS: Readonly<Record<string, Neighbours>> = {
  'one-never-rests': { count: 1, rests: false },
  'all-never-rest': { rests: false },
  'all-rest': { rests: true },
  'one-copies-memory': { count: 1, rests: false, kind: 'memory' },
  'all-copy-memory': { rests: false, kind: 'memory' },
};

interface Setting {
  readonly backend: AnyBackend;
  readonly settings: unknown;
  readonly kernels: readonly BenchKernel[];
  readonly levelsFile: string;
}

async function measure({ backend, settings, kernels, levelsFile }: Setting, seed: number, policy: Partial<ProfilePolicy>) {
  const visits = new Map<string, Visit[]>();
  const engine = { backend, settings, seed, policy, levelsFile };
  const { summary, wallMs } = await measureWithEngine(kernels, engine, (event) => {
    if (event.type === 'visit') visits.set(event.id, [...(visits.get(event.id) ?? []), event.visit]);
  });
  return { summary, visits, seconds: wallMs / 1000 };
}

function labelsOf({ records }: ProfileSummary): ArmLabels {
  return new Map(
    records.flatMap((record) =>
      record.status === 'ok' ? [[record.id, { latencyMs: record.stats.latencyMs, flagged: record.flags.length > 0 }] as const] : [],
    ),
  );
}

async function measurePlainly({ backend, settings, kernels }: Setting): Promise<{ readonly labels: ArmLabels; readonly seconds: number }> {
  const baseline = startBaseline(backend, settings);
  const labels = new Map<string, { latencyMs: number; flagged: boolean }>();
  const from = performance.now();
  for (const { id, graph } of kernels) {
    const { nnMeterMs } = await baseline.measure(await backend.convert(graph, backend.implement[0]), false);
    labels.set(id, { latencyMs: nnMeterMs, flagged: false });
  }
  baseline.stop();
  return { labels, seconds: (performance.now() - from) / 1000 };
}

export default defineBench({
  question: 'Do labels become better by gating runs with reference probes, above all beside neighbours that never rest?',
  options: {
    backend: { default: 'tflite_cpu', help: 'backend' },
    kernels: { default: '60', help: 'number of kernels' },
    scenarios: { default: Object.keys(SCENARIOS).join(','), help: 'neighbours, separated by commas' },
    visits: { default: '8', help: 'visits to each kernel that all rules are given' },
    rounds: { default: '2', help: 'how often every scenario is measured' },
    seed: { default: '1', help: 'seed of the samples' },
  },
  async run(args) {
    const { backend, settings } = await benchBackend(args.backend);
    const seed = Number(args.seed);
    const kernels = await benchKernels(Number(args.kernels), seed, '');
    const folder = mkdtempSync(path.join(tmpdir(), 'nnm-gate-'));
    const setting: Setting = { backend, settings, kernels, levelsFile: path.join(folder, 'levels.json') };
    const policy = resolvePolicy();
    const traceVisits = Number(args.visits);
    const trace = { ...TRACE, minVisits: traceVisits, maxVisits: traceVisits };
    try {
      console.error('quiet: the truth, measured twice');
      const quiet = [await measure(setting, seed, {}), await measure(setting, seed + 1, {})];
      const [first, second] = quiet.map(({ summary }) => labelsOf(summary));
      const truth = new Map(
        [...first!].map(([id, { latencyMs }]) => [id, Math.min(latencyMs, second!.get(id)?.latencyMs ?? latencyMs)] as const),
      );
      const levelMs = Math.min(...quiet.map(({ summary }) => summary.drift.quietLevelMs ?? Number.POSITIVE_INFINITY));
      console.log(
        `quiet: shares ${quiet.map(({ summary }) => summary.drift.quietShare.toFixed(2)).join(' and ')}, level ${levelMs.toFixed(4)} ms`,
      );
      console.log(formatArms(quiet.map(({ summary, seconds }) => compareWithTruth('engine, quiet', labelsOf(summary), truth, seconds))));

      const figures: { scenario: string; round: number; quietShare: number; arms: readonly ArmResult[] }[] = [];
      for (const scenario of listOf(args.scenarios)) {
        const neighbours = SCENARIOS[scenario];
        if (neighbours === undefined) throw new RangeError(`There is no scenario "${scenario}": ${Object.keys(SCENARIOS).join(', ')}.`);
        for (let round = 1; round <= Number(args.rounds); round++) {
          console.error(`${scenario}, round ${round}`);
          const stop = await startNeighbours(backend, settings, seed + round, neighbours);
          try {
            await sleep(3000);
            const given = await measure(setting, seed + 10 * round, trace);
            const same = Object.entries(visitRules(levelMs, policy)).map(([arm, rule]) => {
              const labels = [...given.visits].flatMap(([id, visits]) => {
                const label = rule(visits);
                return label === undefined ? [] : [[id, label] as const];
              });
              return compareWithTruth(`same ${traceVisits} visits: ${arm}`, new Map(labels), truth);
            });
            const gated = await measure(setting, seed + 10 * round + 1, {});
            const ungated = await measure(setting, seed + 10 * round + 2, { gate: 0 });
            const plain = await measurePlainly(setting);
            const arms = [
              ...same,
              compareWithTruth('engine with gate', labelsOf(gated.summary), truth, gated.seconds),
              compareWithTruth('engine without gate', labelsOf(ungated.summary), truth, ungated.seconds),
              compareWithTruth('10 + 50 runs, mean', plain.labels, truth, plain.seconds),
            ];
            console.log(
              `\n${scenario}, round ${round}: quiet share ${gated.summary.drift.quietShare.toFixed(2)}; ${gated.summary.drift.text}`,
            );
            console.log(formatArms(arms));
            figures.push({ scenario, round, quietShare: gated.summary.drift.quietShare, arms });
          } finally {
            stop();
          }
          await sleep(2000);
        }
      }
      return { backend: args.backend, levelMs, figures };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
});
