import { resolve } from 'node:path';
import type { ImportedData, KernelDataSource, PipelineContext, TrainedFamily, Workspace } from '@nnm/builder';
import type { KernelConfig } from '@nnm/core';
import type { Metrics } from '@nnm/predictor';
import { Args, Flags, type Interfaces } from '@oclif/core';
import { UsageError } from '../errors.ts';
import { renderGrades } from '../output/build-report.ts';
import { countOf } from '../output/quantities.ts';
import { shortPath } from '../plugins/origin.ts';
import { breakLockFlag } from '../run-flags.ts';
import { areFiles } from '../stages/file-arguments.ts';
import { rowFlags, StageCommand, stageFlags } from '../stages/stage-command.ts';

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

interface RowsResult {
  readonly family: string;
  readonly backend: string;
  /** The file; absent when it went to stdout. */
  readonly predictor?: string;
  /** The predictor itself, when it went to stdout and that holds this document instead. */
  readonly text?: string;
  readonly rows: { readonly trained: number; readonly holdout: number };
  readonly problems: readonly string[];
  readonly validation: Metrics;
  readonly holdout?: Metrics;
  readonly largeErrors: readonly KernelConfig[];
}

type TrainFlags = Interfaces.InferredFlags<typeof Train.flags & typeof StageCommand.baseFlags>;

/** `nnm train <kernel>` */
export default class Train extends StageCommand {
  static override summary = 'Train a predictor on what has been measured, here or elsewhere, without measuring anything.';
  static override description =
    'With --configs, kernel data in the JSON files of nnm or nn-Meter is read into the workspace first: several files are merged, rows of other kernels of the family count, and what cannot be used is named. The latencies count as measured by the backend of the workspace, with its IMPLEMENT and BATCH_SIZE. `nnm build` goes on from there: it measures the hold-out, and only what INIT_SAMPLE_NUM asks for beyond the imported rows.\n\nWith files of measured rows, as `nnm profile` and `nnm export` write them, it trains on those alone and writes the predictor into --output; rows with the mark `holdout` only grade. `nnm predict <kernel> --predictor <file>` uses it.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> conv-bn-relu --configs conv-bn-relu_prior.json --latencies profiled_conv-bn-relu.json',
    '<%= config.bin %> <%= command.id %> conv-bn-relu --configs a.json b.json --latencies c.json --error-threshold 0.2',
    '<%= config.bin %> <%= command.id %> conv-bn-relu --configs complete.json',
    '<%= config.bin %> <%= command.id %> conv-bn-relu',
    '<%= config.bin %> <%= command.id %> rows.csv --output predictor.json',
  ];
  static override args = {
    kernel: Args.string({
      description: 'Kernel of a workspace to train (see `nnm kernels`), or files of measured rows; `-` is standard input.',
      required: true,
      multiple: true,
    }),
  };
  static override flags = {
    ...rowFlags,
    backend: stageFlags.backend,
    seed: stageFlags.seed,
    output: Flags.string({ char: 'o', description: 'With files: where the predictor goes; `-` is stdout.', helpValue: '<file>' }),
    configs: Flags.string({
      multiple: true,
      description: 'Files with configurations: { "<kernel>": { "<ID>": { "config": { … } } } }; `-` is standard input.',
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

  async run(): Promise<TrainResult | RowsResult> {
    const { args, flags } = await this.parse(Train);
    const errorThreshold = parseThreshold(flags['error-threshold']);
    const { registry } = await this.discover();
    if (areFiles(args.kernel, registry)) return this.trainRows(args.kernel, flags, errorThreshold);
    const [kernel = '', ...others] = args.kernel;
    if (others.length > 0)
      throw new UsageError({ message: `One kernel is trained at a time, with its family; got ${args.kernel.join(', ')}.` });
    const given = (['backend', 'kernel', 'input-format', 'output'] as const).find((name) => flags[name] !== undefined);
    if (given !== undefined)
      throw new UsageError({ message: `--${given} is for files of rows, and ${kernel} is a kernel of a workspace.` });
    return this.trainKernel(kernel, flags, errorThreshold);
  }

  /** Train on the rows of files alone; no workspace is changed. */
  private async trainRows(files: readonly string[], flags: TrainFlags, errorThreshold: number | undefined): Promise<RowsResult> {
    const given = (['configs', 'latencies', 'save-path', 'mark', 'break-lock'] as const).find(
      (name) => flags[name] !== undefined && flags[name] !== false,
    );
    if (given !== undefined)
      throw new UsageError({ message: `--${given} is for a kernel of a workspace, and the arguments are files of rows.` });
    const { output } = flags;
    if (output === undefined) {
      throw new UsageError({
        message: 'There is no place for the predictor.',
        hint: 'Give --output predictor.json, or take the rows into a workspace with `nnm import` and train a kernel there.',
      });
    }
    const [{ trainOnRows }, { serialisePredictor }, { writeWholeFile }] = await Promise.all([
      import('../stages/train-rows.ts'),
      import('@nnm/predictor'),
      import('@nnm/builder'),
    ]);
    const setup = await this.openStage(flags, false);
    const options = { kernel: flags.kernel, format: flags['input-format'], errorThreshold, signal: this.signal };
    const { family, predictor, built, rows, problems } = await this.follow(trainOnRows(files, setup, options));
    for (const problem of problems) this.caution(`${problem}.`);
    const text = serialisePredictor(predictor);
    const graded = {
      family,
      backend: predictor.manifest.backend,
      rows,
      problems,
      validation: built.metrics,
      largeErrors: built.largeErrorConfigs,
    };
    const result = { ...graded, ...(built.holdoutMetrics && { holdout: built.holdoutMetrics }) };
    if (output === '-') {
      this.data(text);
      return { ...result, ...(this.jsonEnabled() && { text }) };
    }
    const file = resolve(output);
    await writeWholeFile(file, text);
    this.log(`${renderGrades([{ kernel: family, built }], this.paint)}\n`);
    this.log(
      `${countOf(rows.trained, 'row')}${rows.holdout > 0 ? `, ${rows.holdout} in the hold-out` : '; no hold-out among them (rows with the mark `holdout`)'}`,
    );
    this.log(`${this.paint.green('Predictor')} of ${this.paint.bold(family)}: ${shortPath(file)}`);
    return { ...result, predictor: file };
  }

  private async trainKernel(kernel: string, flags: TrainFlags, errorThreshold: number | undefined): Promise<TrainResult> {
    const { lockWorkspace, trainFromWorkspace, workspaceContext } = await import('@nnm/builder');
    const { workspace, discovery, config } = await this.openSetup(flags.workspace, { needsBackend: false });
    const { registry } = discovery;
    registry.kernel(kernel);
    const context = {
      ...workspaceContext(registry, workspace, config, { signal: this.signal }),
      ...(flags.seed !== undefined && { seed: flags.seed }),
      workspace,
    };
    const release = await lockWorkspace(workspace, { breakLock: flags['break-lock'] });
    try {
      const imported = await this.import(kernel, flags, context);
      const options = {
        ...(errorThreshold !== undefined && { errorThreshold }),
        ...(flags['save-path'] !== undefined && { savePath: flags['save-path'] }),
        ...(flags.mark !== undefined && { mark: flags.mark }),
      };
      const trained = await this.follow(trainFromWorkspace(kernel, options, context));
      this.show(kernel, trained);
      return summarise(workspace.folder, kernel, imported, trained);
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
    const files = (given: readonly string[]) => Promise.all(given.map((file) => this.fileOf(file)));
    const source: KernelDataSource = [await files(configs), await files(latencies ?? configs)];
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
