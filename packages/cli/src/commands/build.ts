import type { BuildReport } from '@nnm/builder';
import type { Metrics } from '@nnm/predictor';
import { type FailureGroup, groupFailures } from '@nnm/profiler';
import { Args, Flags } from '@oclif/core';
import { renderBuildReport } from '../output/build-report.ts';
import { followStage } from '../output/progress.ts';
import { countOf } from '../output/quantities.ts';
import { runFlags } from '../run-flags.ts';
import { WorkspaceCommand } from '../workspace-command.ts';
import { openRun } from '../workspace-run.ts';

interface BuildResult {
  readonly workspace: string;
  readonly predictors: readonly { readonly family: string; readonly kernels: readonly string[]; readonly file: string | undefined }[];
  readonly kernels: readonly KernelResult[];
  readonly failures: readonly { readonly kernel: string; readonly code: string; readonly message: string }[];
}

interface KernelResult {
  readonly kernel: string;
  readonly mark: string;
  /** Configurations measured, those among them that failed, by error code, and those that are flagged. */
  readonly measured: number;
  readonly failed: Readonly<Record<string, number>>;
  /** Why they failed, the most frequent reason first. */
  readonly failures: readonly FailureGroup[];
  readonly flagged: number;
  /** Chosen but not measured, because the budget ended first. */
  readonly unmeasured: number;
  readonly validation: Metrics;
  readonly holdout?: Metrics;
  readonly largeErrors: number;
}

/** `nnm build [kernel...]` */
export default class Build extends WorkspaceCommand {
  static override summary = 'Sample, measure and train: build the predictors of a workspace.';
  static override description =
    'Kernels and their numbers come from configs/predictorbuild_config.yaml. Every measurement is kept as soon as it is made: stopped by Ctrl-C, a crash or a power cut, the same command carries on. Kernels of one family that are built together share a predictor.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> conv-bn-relu --budget 20m',
    '<%= config.bin %> <%= command.id %> --workspace phone --fresh',
  ];
  static override args = {
    kernel: Args.string({ description: 'Kernels to build. Default: all that the workspace lists.', multiple: true }),
  };
  static override flags = {
    ...runFlags,
    settle: Flags.boolean({
      description:
        'Measure flagged kernels again, those of earlier builds too, whenever the machine is quiet. Waits for that at most ten minutes, or as long as --budget says.',
    }),
    'keep-models': Flags.boolean({ description: 'Keep the converted models beside the saved kernel graphs.' }),
  };

  async run(): Promise<BuildResult> {
    const { args, flags } = await this.parse(Build);
    const { buildLatencyPredictor } = await import('@nnm/builder');
    const setup = await this.openSetup(flags.workspace);
    await using run = await openRun(setup, {
      ...flags,
      kernels: args.kernel,
      keepModels: flags['keep-models'],
      signal: this.signal,
    });
    for (const note of run.notes) this.note(note);
    const report = await followStage(buildLatencyPredictor(run.context, run.kernels), { quiet: this.jsonEnabled() });
    this.log(`\n${renderBuildReport(report, this.paint)}`);
    if (report.failures.length > 0) {
      this.caution(`${countOf(report.failures.length, 'kernel')} could not be built; see above.`);
      process.exitCode = 1;
    }
    const { failures, ...result } = summarise(report, setup.workspace.folder);
    const missing = run.missing.map((kernel) => ({ kernel, code: 'ERR_UNKNOWN_KERNEL', message: setup.config.missing.get(kernel) ?? '' }));
    if (missing.length > 0) process.exitCode = 1;
    return { ...result, failures: [...failures, ...missing] };
  }
}

function summarise({ predictors, failures }: BuildReport, workspace: string): BuildResult {
  return {
    workspace,
    predictors: predictors.map(({ family, file, builds }) => ({ family, kernels: builds.map(({ kernel }) => kernel), file })),
    kernels: predictors.flatMap(({ builds }) =>
      builds.map(({ kernel, mark, samples, holdout, unmeasured, built }): KernelResult => {
        const all = [...samples, ...holdout];
        const failures = all.filter((sample) => sample.status === 'failed');
        const failed = failures.map(({ error }) => error.code);
        return {
          kernel,
          mark,
          measured: all.length,
          failed: Object.fromEntries(failed.map((code) => [code, failed.filter((other) => other === code).length])),
          failures: groupFailures(failures),
          flagged: all.filter((sample) => sample.status === 'ok' && sample.flags.length > 0).length,
          unmeasured,
          validation: built.metrics,
          ...(built.holdoutMetrics && { holdout: built.holdoutMetrics }),
          largeErrors: built.largeErrorConfigs.length,
        };
      }),
    ),
    failures: failures.map(({ kernel, error }) => ({ kernel, code: error.code, message: error.message })),
  };
}
