import type { ImportedData, KernelDataSource, PipelineContext, TrainedFamily, Workspace } from '@nnm/builder';
import type { KernelConfig } from '@nnm/core';
import type { Metrics } from '@nnm/predictor';
import { Args, Flags } from '@oclif/core';
import { UsageError } from '../errors.ts';
import { renderGrades } from '../output/build-report.ts';
import { followStage } from '../output/progress.ts';
import { countOf } from '../output/quantities.ts';
import { shortPath } from '../plugins/origin.ts';
import { breakLockFlag } from '../run-flags.ts';
import { WorkspaceCommand } from '../workspace-command.ts';

interface TrainResult {
  readonly workspace: string;
  readonly kernel: string;
  readonly family: string;
  readonly predictor: string;
  /** Rows that were read from files now, by kernel. */
  readonly imported: Readonly<Record<string, number>>;
  /** What of the files was left out or changed, with counts. */
  readonly problems: readonly string[];
  /** Rows behind the predictor. */
  readonly rows: TrainedFamily['rows'];
  readonly validation: Metrics;
  readonly holdout?: Metrics;
  readonly largeErrors: readonly KernelConfig[];
}

/** `nnm train <kernel>` */
export default class Train extends WorkspaceCommand {
  static override summary = 'Train a predictor on what has been measured, here or elsewhere, without measuring anything.';
  static override description =
    'With --configs, kernel data in the JSON files of nnm or nn-Meter is read into the workspace first: several files are merged, rows of other kernels of the family count, and what cannot be used is named. The latencies count as measured by the backend of the workspace, with its IMPLEMENT and BATCH_SIZE. `nnm build` goes on from there: it measures the hold-out, and only what INIT_SAMPLE_NUM asks for beyond the imported rows.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> conv-bn-relu --configs conv-bn-relu_prior.json --latencies profiled_conv-bn-relu.json',
    '<%= config.bin %> <%= command.id %> conv-bn-relu --configs a.json b.json --latencies c.json --error-threshold 0.2',
    '<%= config.bin %> <%= command.id %> conv-bn-relu --configs complete.json',
    '<%= config.bin %> <%= command.id %> conv-bn-relu',
  ];
  static override args = { kernel: Args.string({ description: 'Kernel to train; see `nnm kernels`.', required: true }) };
  static override flags = {
    configs: Flags.string({
      multiple: true,
      description: 'Files with configurations: { "<kernel>": { "<ID>": { "config": { … } } } }.',
      helpValue: '<file>',
    }),
    latencies: Flags.string({
      multiple: true,
      dependsOn: ['configs'],
      description: 'Files with their latencies, by the same IDs. Default: the files of --configs hold both.',
      helpValue: '<file>',
    }),
    'error-threshold': Flags.string({ description: 'Relative error that counts as large. Default: ERROR_THRESHOLD.', helpValue: '<0.1>' }),
    'save-path': Flags.string({
      description: 'Also write the feature table and the graded predictor into this folder, as collection/ and predictors/.',
      helpValue: '<folder>',
    }),
    'break-lock': breakLockFlag,
    mark: Flags.string({
      dependsOn: ['save-path'],
      description: 'Names the files of --save-path: <kernel>_<mark>.',
      helpValue: '<name>',
    }),
  };

  async run(): Promise<TrainResult> {
    const { args, flags } = await this.parse(Train);
    const errorThreshold = parseThreshold(flags['error-threshold']);
    const { lockWorkspace, trainFromWorkspace, workspaceContext } = await import('@nnm/builder');
    const { workspace, discovery, config } = await this.openSetup(flags.workspace, { needsBackend: false });
    const { registry } = discovery;
    registry.kernel(args.kernel);
    const context = { ...workspaceContext(registry, workspace, config, { signal: this.signal }), workspace };
    const release = await lockWorkspace(workspace, { breakLock: flags['break-lock'] });
    try {
      const imported = await this.import(args.kernel, flags, context);
      const options = {
        ...(errorThreshold !== undefined && { errorThreshold }),
        ...(flags['save-path'] !== undefined && { savePath: flags['save-path'] }),
        ...(flags.mark !== undefined && { mark: flags.mark }),
      };
      const trained = await followStage(trainFromWorkspace(args.kernel, options, context), { quiet: this.jsonEnabled() });
      this.show(args.kernel, trained);
      return summarise(workspace.folder, args.kernel, imported, trained);
    } finally {
      await release();
    }
  }

  private async import(
    kernel: string,
    { configs, latencies }: { readonly configs?: string[] | undefined; readonly latencies?: string[] | undefined },
    context: PipelineContext & { readonly workspace: Workspace },
  ): Promise<ImportedData | undefined> {
    if (configs === undefined) return undefined;
    const { importKernelData } = await import('@nnm/builder');
    const source: KernelDataSource = [configs, latencies ?? configs];
    const imported = await importKernelData(kernel, source, context);
    for (const { message } of imported.problems) this.caution(`${message}.`);
    for (const [type, rows] of imported.kernels) {
      this.log(
        `${this.paint.green('Imported')} ${countOf(rows.length, 'row')} of ${this.paint.bold(type)}; they count as measured by ${context.backend.id}.`,
      );
    }
    return imported;
  }

  private show(kernel: string, { family, file, built, rows }: TrainedFamily): void {
    this.log(`\n${renderGrades([{ kernel, built }], this.paint)}\n`);
    this.log(
      `${countOf(rows.imported, 'row')} imported, ${rows.measured} measured here${rows.holdout > 0 ? `, ${rows.holdout} in the hold-out` : '; no hold-out yet: `nnm build` measures one'}`,
    );
    this.log(`${this.paint.green('Predictor')} of ${this.paint.bold(family)}: ${shortPath(file)}`);
  }
}

function summarise(workspace: string, kernel: string, imported: ImportedData | undefined, trained: TrainedFamily): TrainResult {
  const { family, file, built, rows } = trained;
  return {
    workspace,
    kernel,
    family,
    predictor: file,
    imported: Object.fromEntries([...(imported?.kernels ?? [])].map(([type, added]) => [type, added.length])),
    problems: imported?.problems.map(({ message }) => message) ?? [],
    rows,
    validation: built.metrics,
    ...(built.holdoutMetrics && { holdout: built.holdoutMetrics }),
    largeErrors: built.largeErrorConfigs,
  };
}

function parseThreshold(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= 10) return value;
  throw new UsageError({ message: `--error-threshold must be a relative error such as 0.1. Got "${text}".`, hint: '0.1 is 10 %.' });
}
