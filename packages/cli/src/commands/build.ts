import type { BuildReport, PipelineContext } from '@nnm/builder';
import type { Calibration } from '@nnm/model';
import type { Metrics } from '@nnm/predictor';
import { type FailureGroup, groupFailures } from '@nnm/profiler';
import { Args, Flags } from '@oclif/core';
import { queueFlags, refuseBesideQueue } from '../fleet/queue-flags.ts';
import type { LivePage } from '../live/live-page.ts';
import { renderBuildReport } from '../output/build-report.ts';
import { commandWord } from '../output/command-word.ts';
import { countOf } from '../output/quantities.ts';
import { UncertainLabels } from '../output/uncertain-labels.ts';
import { shortPath } from '../plugins/origin.ts';
import { runFlags } from '../run-flags.ts';
import { deviceChoice, deviceFlags, WorkspaceCommand, type WorkspaceSetup } from '../workspace-command.ts';
import { openRun } from '../workspace-run.ts';

interface BuildResult {
  readonly workspace: string;
  readonly predictors: readonly { readonly family: string; readonly kernels: readonly string[]; readonly file: string | undefined }[];
  readonly kernels: readonly KernelResult[];
  readonly failures: readonly { readonly kernel: string; readonly code: string; readonly message: string }[];
  /** With `--networks`: how networks follow from their kernels. */
  readonly calibration?: CalibrationResult;
}

interface CalibrationResult extends Pick<Calibration, 'networks' | 'terms' | 'compositionError' | 'correlation' | 'scale'> {
  readonly file: string;
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
    '<%= config.bin %> <%= command.id %> --networks',
    '<%= config.bin %> <%= command.id %> --workspace phone --fresh',
    '<%= config.bin %> <%= command.id %> --queue redis://build-host:6379',
  ];
  static override args = {
    kernel: Args.string({ description: 'Kernels to build. Default: all that the workspace lists.', multiple: true }),
  };
  static override flags = {
    ...deviceFlags,
    ...queueFlags,
    ...runFlags,
    networks: Flags.boolean({
      description:
        'Then measure about two dozen published networks together with their kernels, and fit how the time of a whole model follows from its kernels: what `nnm predict model.onnx` is calibrated by.',
    }),
    settle: Flags.boolean({
      description:
        'Measure flagged kernels again, those of earlier builds too, whenever the machine is quiet. Waits for that at most ten minutes, or as long as --budget says.',
    }),
    'keep-models': Flags.boolean({ description: 'Keep the converted models beside the saved kernel graphs.' }),
    open: Flags.boolean({ description: 'Open a page in the browser that shows the report as it grows; served to this machine alone.' }),
  };

  async run(): Promise<BuildResult> {
    const { args, flags } = await this.parse(Build);
    const { device, lan } = flags;
    refuseBesideQueue(flags, { device, lan });
    const { buildLatencyPredictor } = await import('@nnm/builder');
    const setup = await this.openSetup(flags.workspace, deviceChoice(flags));
    await using run = await openRun(setup, {
      ...flags,
      kernels: args.kernel,
      keepModels: flags['keep-models'],
      signal: this.signal,
    });
    for (const caution of run.cautions) this.caution(caution);
    for (const note of run.notes) this.note(note);
    await using live = flags.open ? await this.openLivePage(setup, run.kernels) : undefined;
    const uncertain = new UncertainLabels();
    const report = await this.follow(buildLatencyPredictor(run.context, run.kernels), {
      kernels: run.kernels,
      timeLeftMs: run.context.timeLeftMs,
      onEvent: (event) => {
        uncertain.onEvent(event);
        return live?.onEvent(event);
      },
    });
    this.log(`\n${renderBuildReport(report, this.paint)}`);
    const builds = report.predictors.flatMap((predictor) => predictor.builds);
    const doubt = uncertain.describe(builds, `nnm build --settle -w ${commandWord(shortPath(setup.workspace.folder))}`);
    if (doubt !== '') this.log(`\n${doubt}`);
    if (report.failures.length > 0) {
      this.caution(`${countOf(report.failures.length, 'kernel')} could not be built; see above.`);
      process.exitCode = 1;
    }
    const calibration = flags.networks ? await this.calibrate(run.context, setup) : undefined;
    const { failures, ...result } = summarise(report, setup.workspace.folder);
    const missing = run.missing.map((kernel) => ({ kernel, code: 'ERR_UNKNOWN_KERNEL', message: setup.config.missing.get(kernel) ?? '' }));
    if (missing.length > 0) process.exitCode = 1;
    return { ...result, failures: [...failures, ...missing], ...(calibration && { calibration }) };
  }

  private async calibrate(context: PipelineContext, { workspace }: WorkspaceSetup): Promise<CalibrationResult> {
    const [{ calibrateWorkspace }, { renderCalibration }] = await Promise.all([
      import('../models/calibrate-workspace.ts'),
      import('../output/calibration.ts'),
    ]);
    const { calibration, file } = await this.follow(calibrateWorkspace({ ...context, workspace }));
    this.log(`\n${renderCalibration(calibration, this.paint)}`);
    const { networks, terms, compositionError, correlation, scale } = calibration;
    return { file, networks, terms, compositionError, correlation, scale };
  }

  private async openLivePage({ workspace, discovery, config }: WorkspaceSetup, kernels: readonly string[]): Promise<LivePage> {
    const [{ openLivePage }, { openInBrowser }] = await Promise.all([import('../live/live-page.ts'), import('../open-in-browser.ts')]);
    const { implement, batchSize, backend } = config;
    const page = await openLivePage({ registry: discovery.registry, workspace, implement, batchSize, backend: backend.id, kernels });
    this.note(`The report, as it grows: ${page.url}`);
    await openInBrowser(page.url);
    return page;
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
