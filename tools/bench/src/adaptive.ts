import { existsSync } from 'node:fs';
import path from 'node:path';
import tflite from '@nnm/backend-tflite';
import torch from '@nnm/backend-torch';
import {
  type BuiltPredictor,
  buildPredictorByData,
  chooseInformativeConfigs,
  createWorkspace,
  DEFAULT_KERNEL_SETTINGS,
  generateConfigSample,
  type KernelSample,
  kernelId,
  type LabelledSample,
  labelledSamples,
  openWorkspace,
  type PipelineContext,
  profileModels,
  readWorkspaceConfig,
  workspaceContext,
} from '@nnm/builder';
import { configKey, createRegistry, type KernelConfig, mean, runToEnd } from '@nnm/core';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import kernelsTensor from '@nnm/kernels-tensor';
import kernelsTransformer from '@nnm/kernels-transformer';
import type { Metrics } from '@nnm/predictor';
import { defineBench, listOf } from './bench.ts';

/** What a strategy may look at: never the hold-out's latencies. */
interface State {
  readonly kernel: string;
  readonly samples: readonly LabelledSample[];
  readonly holdout: readonly KernelSample[];
  readonly built: BuiltPredictor;
  readonly round: number;
  /** Configurations of the first round. */
  readonly initial: number;
  /** New configurations per round. */
  readonly budget: number;
  readonly context: PipelineContext;
}

type Strategy = (state: State) => readonly KernelConfig[] | Promise<readonly KernelConfig[]>;

const STRATEGIES: Readonly<Record<string, Strategy>> = {
  /** The samples a larger initial round would have had. */
  random: ({ kernel, holdout, round, initial, budget, context }) => {
    const wanted = { mark: 'prior', samplingType: 'prior', earlier: holdout } as const;
    const from = initial + budget * (round - 1);
    return generateConfigSample(kernel, from + budget, wanted, context)
      .slice(from)
      .map(({ config }) => config);
  },
  /** Fine-grained around the large validation errors, equally many around each; what is missing around the next largest errors. */
  original: ({ kernel, samples, holdout, built, round, budget, context }) => {
    const worstFirst = [...built.validation].sort((a, b) => b.relativeError - a.relativeError);
    const byId = new Map(samples.map(({ id, config }) => [id, config]));
    const configs = worstFirst.map(({ id }) => byId.get(id) as KernelConfig);
    const large = Math.max(1, built.largeErrorConfigs.length);
    const around = (few: readonly KernelConfig[], earlier: readonly KernelSample[]): readonly KernelSample[] =>
      generateConfigSample(
        kernel,
        Math.ceil(budget / large),
        { mark: `finegrained${round}`, samplingType: 'finegrained', configs: few, earlier },
        context,
      );
    const chosen: KernelSample[] = [];
    for (const config of configs) {
      if (chosen.length >= budget) break;
      chosen.push(...around([config], [...samples, ...holdout, ...chosen]));
    }
    return chosen.slice(0, budget).map(({ config }) => config);
  },
  /** Where a committee of models disagrees and errs. */
  uncertainty: ({ kernel, samples, holdout, round, budget, context }) =>
    chooseInformativeConfigs(
      kernel,
      budget,
      { mark: `uncertain${round}`, samples, earlier: holdout, errorThreshold: DEFAULT_KERNEL_SETTINGS.errorThreshold },
      context,
    ),
};

interface Point {
  readonly backend: string;
  readonly kernel: string;
  readonly seed: number;
  readonly strategy: string;
  readonly round: number;
  readonly rows: number;
  readonly metrics: Metrics;
}

export default defineBench({
  question: 'Which rule of adaptive sampling makes the best predictor from equally many measurements?',
  options: {
    backend: { default: 'tflite_cpu', help: 'backend to measure on' },
    kernels: { default: 'conv-bn-relu,dwconv-bn-relu', help: 'kernels, separated by commas' },
    strategies: { default: 'random,original,uncertainty', help: 'rules to compare' },
    seeds: { default: '1', help: 'seeds, separated by commas' },
    initial: { default: '150', help: 'configurations of the first round' },
    rounds: { default: '5', help: 'further rounds' },
    budget: { default: '40', help: 'new configurations per round and rule' },
    holdout: { default: '200', help: 'configurations that only grade' },
    folder: { default: 'bench-results/adaptive', help: 'folder of the workspaces' },
  },
  async run(options) {
    const registry = createRegistry([kernelsConv, kernelsMisc, kernelsTensor, kernelsTransformer, tflite, torch]);
    const initialCount = Number(options.initial);
    const roundCount = Number(options.rounds);
    const budget = Number(options.budget);

    async function openContext(kernel: string, seed: number): Promise<PipelineContext> {
      const folder = path.resolve(options.folder, options.backend, kernel, `seed-${seed}`);
      const workspace = existsSync(folder)
        ? await openWorkspace(folder)
        : await createWorkspace(folder, { backend: registry.backend(options.backend), kernels: [kernel], seed });
      return workspaceContext(registry, workspace, await readWorkspaceConfig(workspace, registry));
    }

    async function measure(samples: readonly KernelSample[], context: PipelineContext, what: string): Promise<readonly LabelledSample[]> {
      const started = performance.now();
      const { samples: measured } = await runToEnd(profileModels(samples, context), (event) => {
        if (event.type === 'profile' && event.event.type === 'finished') console.error(`  ${what}: ${event.event.summary.drift.text}`);
      });
      console.error(`  ${what}: ${measured.length} in ${((performance.now() - started) / 60_000).toFixed(1)} min`);
      return labelledSamples(measured);
    }

    async function compareStrategies(kernel: string, seed: number): Promise<readonly Point[]> {
      const context = await openContext(kernel, seed);
      const strategies = listOf(options.strategies);
      const held = generateConfigSample(kernel, Number(options.holdout), { mark: 'holdout', samplingType: 'prior' }, context);
      const prior = generateConfigSample(kernel, initialCount, { mark: 'prior', samplingType: 'prior', earlier: held }, context);
      const first = await measure([...prior, ...held], context, `${kernel} seed ${seed} initial`);
      const holdout = first.filter(({ mark }) => mark === 'holdout');
      const points: Point[] = [];
      const train = async (strategy: string, round: number, samples: readonly LabelledSample[]): Promise<BuiltPredictor> => {
        const built = await buildPredictorByData(kernel, samples, { holdout }, context);
        const metrics = built.holdoutMetrics as Metrics;
        points.push({ backend: options.backend, kernel, seed, strategy, round, rows: samples.length, metrics });
        console.error(
          `  ${kernel} seed ${seed} round ${round} ${strategy.padEnd(12)} ${samples.length} rows, ±5 % ${percent(metrics.acc5)}, ±10 % ${percent(metrics.acc10)}, RMSPE ${percent(metrics.rmspe)}`,
        );
        return built;
      };
      const initial = first.filter(({ mark }) => mark === 'prior');
      const states = new Map<string, { samples: readonly LabelledSample[]; built: BuiltPredictor }>();
      for (const strategy of strategies) states.set(strategy, { samples: initial, built: await train(strategy, 0, initial) });
      for (let round = 1; round <= roundCount; round++) {
        const picks = new Map<string, ReadonlySet<string>>();
        const wanted = new Map<string, KernelSample>();
        for (const strategy of strategies) {
          const { samples, built } = states.get(strategy) as { samples: readonly LabelledSample[]; built: BuiltPredictor };
          const configs = await (STRATEGIES[strategy] as Strategy)({
            kernel,
            samples,
            holdout: held,
            built,
            round,
            initial: initialCount,
            budget,
            context,
          });
          picks.set(strategy, new Set(configs.map(configKey)));
          for (const config of configs) {
            wanted.set(configKey(config), { id: kernelId(kernel, config, context), kernel, mark: `round${round}`, config });
          }
        }
        const measured = await measure([...wanted.values()], context, `${kernel} seed ${seed} round ${round}`);
        for (const strategy of strategies) {
          const earlier = states.get(strategy) as { samples: readonly LabelledSample[] };
          const samples = [...earlier.samples, ...measured.filter(({ config }) => picks.get(strategy)?.has(configKey(config)))];
          states.set(strategy, { samples, built: await train(strategy, round, samples) });
        }
      }
      return points;
    }

    const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

    /** The curve of each strategy, averaged over these points' kernels and seeds. */
    function curve(points: readonly Point[]): readonly Record<string, string | number>[] {
      const rounds = [...new Set(points.map(({ round }) => round))];
      return rounds.map((round) => {
        const row: Record<string, string | number> = {
          round,
          rows: Math.round(mean(points.filter((p) => p.round === round).map((p) => p.rows))),
        };
        for (const strategy of listOf(options.strategies)) {
          const here = points.filter((point) => point.round === round && point.strategy === strategy).map(({ metrics }) => metrics);
          row[strategy] = [mean(here.map((m) => m.acc5)), mean(here.map((m) => m.acc10)), mean(here.map((m) => m.rmspe))]
            .map(percent)
            .join(' / ');
        }
        return row;
      });
    }

    const points: Point[] = [];
    for (const seed of listOf(options.seeds).map(Number)) {
      for (const kernel of listOf(options.kernels)) points.push(...(await compareStrategies(kernel, seed)));
    }
    console.log('Hold-out: within ±5 % / within ±10 % / RMSPE');
    for (const kernel of listOf(options.kernels)) {
      console.log(`${options.backend} ${kernel}`);
      console.table(curve(points.filter((point) => point.kernel === kernel)));
    }
    console.log('All');
    console.table(curve(points));
    return { initial: initialCount, budget, points: points.map(({ metrics, ...rest }) => ({ ...metrics, ...rest })) };
  },
});
