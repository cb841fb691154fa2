import { Args, Flags } from '@oclif/core';
import { UsageError } from '../errors.ts';
import { countOf } from '../output/quantities.ts';
import { shortPath } from '../plugins/origin.ts';
import { WorkspaceCommand } from '../workspace-command.ts';

interface ExportResult {
  readonly workspace: string;
  /** The setting of every row: measurements of others are not mixed in. */
  readonly implement: string;
  readonly batchSize: number;
  /** The table itself, when it went to stdout and that holds this document instead. */
  readonly text?: string;
  readonly files: readonly {
    readonly kernel: string;
    /** Absent when the table went to stdout. */
    readonly file?: string;
    readonly rows: number;
    readonly problems: readonly string[];
  }[];
}

/** `nnm export [kernel...]` */
export default class Export extends WorkspaceCommand {
  static override summary = 'Write measured kernels as CSV: id, features, latency and spread in milliseconds, and the setting.';
  static override description =
    'Takes what the journal holds at this moment, also while a build goes on, under the IMPLEMENT and BATCH_SIZE of the configuration; measurements under others, and of a block that has changed since, are left out. `nnm import` and `nnm train` take the file.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> conv-bn-relu --output conv.csv',
    '<%= config.bin %> <%= command.id %> conv-bn-relu --output - | head',
  ];
  static override args = {
    kernel: Args.string({ description: 'Kernels to export. Default: all that the workspace lists.', multiple: true }),
  };
  static override flags = {
    output: Flags.string({
      char: 'o',
      description: 'File to write, `-` for stdout; for one kernel only. Default: predictor_build/results/collection/<kernel>.csv.',
      helpValue: '<file>',
    }),
  };

  async run(): Promise<ExportResult> {
    const { args, flags } = await this.parse(Export);
    const { exportKernelData, kernelTable, NothingMeasuredError } = await import('@nnm/builder');
    const { workspace, discovery, config } = await this.openSetup(flags.workspace, { needsBackend: false });
    const kernels = args.kernel ?? [...config.kernels.keys()];
    if (flags.output !== undefined && kernels.length !== 1) {
      throw new UsageError({
        message: `--output takes the data of one kernel, not of ${kernels.length}.`,
        hint: 'Name one kernel, or leave --output out.',
      });
    }
    for (const type of kernels) discovery.registry.kernel(type);
    const { implement, batchSize } = config;
    const setting = { registry: discovery.registry, workspace, implement, batchSize };
    if (flags.output === '-') {
      const { kernel, rows, problems, text } = await kernelTable(kernels[0] as string, setting);
      for (const { message } of problems) this.caution(`${kernel}: ${message}.`);
      this.data(text);
      const files = [{ kernel, rows: rows.length, problems: problems.map(({ message }) => message) }];
      return { workspace: workspace.folder, implement, batchSize, files, ...(this.jsonEnabled() && { text }) };
    }
    const files: ExportResult['files'][number][] = [];
    const unmeasured: string[] = [];
    for (const type of kernels) {
      const data = await exportKernelData(type, setting, flags.output).catch((error: unknown) => {
        // Of all the listed kernels, some may not have been measured yet
        if (args.kernel !== undefined || kernels.length === 1 || !(error instanceof NothingMeasuredError)) throw error;
        return undefined;
      });
      if (data === undefined) {
        unmeasured.push(type);
        continue;
      }
      const { kernel, file, rows, problems } = data;
      for (const { message } of problems) this.caution(`${kernel}: ${message}.`);
      this.log(`${kernel}: ${countOf(rows.length, 'row')} (${implement}, batch size ${batchSize}) in ${shortPath(file)}`);
      files.push({ kernel, file, rows: rows.length, problems: problems.map(({ message }) => message) });
    }
    if (files.length === 0 && unmeasured.length > 0)
      throw new NothingMeasuredError({ kernel: unmeasured[0]!, workspace: workspace.folder });
    if (unmeasured.length > 0) this.caution(`Not measured yet, so not exported: ${unmeasured.join(', ')}.`);
    return { workspace: workspace.folder, implement, batchSize, files };
  }
}
