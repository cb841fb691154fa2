import { existsSync } from 'node:fs';
import path from 'node:path';
import tflite from '@nnm/backend-tflite';
import torch from '@nnm/backend-torch';
import {
  buildPredictorForKernel,
  createWorkspace,
  type KernelBuild,
  kernelGraph,
  labelledSamples,
  openWorkspace,
  type PipelineContext,
  type PipelineEvent,
  readWorkspaceConfig,
  type Workspace,
  workspaceContext,
} from '@nnm/builder';
import { createRegistry, graphHash, Rng, runToEnd } from '@nnm/core';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import kernelsTensor from '@nnm/kernels-tensor';
import kernelsTransformer from '@nnm/kernels-transformer';
import { computeMetrics } from '@nnm/predictor';
import { profileKernels, referenceGraph } from '@nnm/profiler';
import { defineBench, listOf } from './bench.ts';

interface Row {
  readonly backend: string;
  readonly kernel: string;
  readonly rows: number;
  readonly rounds: number;
  /** Held-out rows that grade: those whose label is not flagged. */
  readonly holdout: number;
  readonly acc5: number | undefined;
  readonly acc10: number | undefined;
  readonly rmspe: number | undefined;
  readonly flagged: number;
  readonly retestAcc5: number | undefined;
  readonly retestAcc10: number | undefined;
  readonly minutes: number;
}

export default defineBench({
  question: 'How accurate are the predictors on this machine? Measures its own data and carries on where it stopped.',
  options: {
    backends: { default: 'tflite_cpu,torch_cpu', help: 'backends, separated by commas' },
    kernels: { default: 'conv-bn-relu,dwconv-bn-relu', help: 'kernels, separated by commas' },
    samples: { default: '1000', help: 'configurations of the first round' },
    rounds: { default: '5', help: 'rounds of adaptive sampling' },
    finegrained: { default: '10', help: 'new configurations for each large error' },
    minutes: { default: '60', help: 'wall-clock minutes per kernel and backend; what is measured by then counts' },
    retest: { default: 'yes', help: 'no: the hold-out is not measured again' },
    folder: { default: 'bench-results/accuracy', help: 'folder of the workspaces' },
  },
  async run(options) {
    const registry = createRegistry([kernelsConv, kernelsMisc, kernelsTensor, kernelsTransformer, tflite, torch]);
    const percent = (share: number | undefined): string => (share === undefined ? '-' : `${(100 * share).toFixed(1)} %`);

    async function openBenchWorkspace(backend: string, kernel: string): Promise<Workspace> {
      const folder = path.resolve(options.folder, backend, kernel);
      const kernelSettings = {
        initSampleNum: Number(options.samples),
        iteration: Number(options.rounds) + 1,
        finegrainedSampleNum: Number(options.finegrained),
      };
      if (existsSync(folder)) return openWorkspace(folder);
      return createWorkspace(folder, { backend: registry.backend(backend), kernels: [kernel], kernelSettings });
    }

    /** Measure the hold-out once more: how often is a second measurement within so many per cent of the first, of the rows that grade? */
    async function retestHoldout(build: KernelBuild, context: PipelineContext, workspace: Workspace) {
      const holdout = labelledSamples(build.holdout).filter(({ flags }) => flags.length === 0);
      const kernel = registry.kernel(build.kernel);
      const profiling = profileKernels(
        holdout.map(({ id, config }) => {
          const graph = kernelGraph(kernel, config, context);
          return { id, hash: graphHash(graph, context), model: () => context.backend.convert(graph, context.implement, 'part') };
        }),
        {
          backend: context.backend,
          settings: context.settings,
          referenceModel: () => context.backend.convert(referenceGraph(context.backend), context.implement),
          rng: new Rng(context.seed).fork('retest'),
          journalFile: path.join(workspace.paths.results, 'retest.jsonl'),
        },
      );
      const { records } = await runToEnd(profiling);
      const again = new Map(records.flatMap((record) => (record.status === 'ok' ? [[record.id, record.stats.latencyMs] as const] : [])));
      const both = holdout.filter(({ id }) => again.has(id));
      if (both.length === 0) return undefined;
      return computeMetrics(
        both.map(({ latencyMs }) => latencyMs),
        both.map(({ id }) => again.get(id) as number),
      );
    }

    async function measure(backend: string, kernel: string): Promise<Row> {
      const started = performance.now();
      const minutesPassed = (): number => (performance.now() - started) / 60_000;
      const workspace = await openBenchWorkspace(backend, kernel);
      const config = await readWorkspaceConfig(workspace, registry);
      const timeLeftMs = (): number => 60_000 * (Number(options.minutes) - minutesPassed());
      const context = workspaceContext(registry, workspace, config, { timeLeftMs });
      let rounds = -1;
      const onEvent = (event: PipelineEvent): void => {
        if (event.type === 'note' || event.type === 'rounds-ended') console.error(`  ${event.message}`);
        if (event.type === 'profile' && event.event.type === 'finished') console.error(`  ${event.event.summary.drift.text}`);
        if (event.type !== 'graded') return;
        rounds++;
        const grade = event.holdout ?? event.validation;
        console.error(
          `${backend} ${kernel} ${event.mark}: ${event.rows} rows, hold-out ±5 % ${percent(grade.acc5)}, ±10 % ${percent(grade.acc10)} (${minutesPassed().toFixed(1)} min)`,
        );
      };
      const build = await runToEnd(buildPredictorForKernel(kernel, context), onEvent);
      const retest = options.retest === 'no' ? undefined : await retestHoldout(build, context, workspace);
      const grade = build.built.holdoutMetrics;
      const measured = labelledSamples(build.samples);
      return {
        backend,
        kernel,
        rows: measured.length,
        rounds,
        holdout: grade?.rows ?? 0,
        acc5: grade?.acc5,
        acc10: grade?.acc10,
        rmspe: grade?.rmspe,
        flagged: measured.filter(({ flags }) => flags.length > 0).length,
        retestAcc5: retest?.acc5,
        retestAcc10: retest?.acc10,
        minutes: minutesPassed(),
      };
    }

    const rows: Row[] = [];
    for (const backend of listOf(options.backends)) {
      for (const kernel of listOf(options.kernels)) rows.push(await measure(backend, kernel));
    }
    console.table(
      rows.map((row) => ({
        backend: row.backend,
        kernel: row.kernel,
        rows: row.rows,
        'hold-out': row.holdout,
        '±5 %': percent(row.acc5),
        '±10 %': percent(row.acc10),
        RMSPE: percent(row.rmspe),
        'retest ±5 %': percent(row.retestAcc5),
        'retest ±10 %': percent(row.retestAcc10),
        flagged: row.flagged,
        minutes: row.minutes.toFixed(1),
      })),
    );
    return { rows };
  },
});
