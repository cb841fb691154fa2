import { resolve } from 'node:path';
import type { PipelineContext, Workspace } from '@nnm/builder';
import { Args } from '@oclif/core';
import { isStandardInput } from '../input/standard-input.ts';
import { countOf } from '../output/quantities.ts';
import { breakLockFlag } from '../run-flags.ts';
import { gatherEntries } from '../stages/kernel-entries.ts';
import { readLabelledRows } from '../stages/labelled-rows.ts';
import { rowFlags } from '../stages/stage-command.ts';
import { WorkspaceCommand } from '../workspace-command.ts';

interface ImportResult {
  readonly workspace: string;
  readonly kernels: readonly { readonly kernel: string; readonly rows: number; readonly file: string }[];
  /** What was left out or changed, with counts. */
  readonly problems: readonly string[];
}

/** `nnm import <files...>` */
export default class Import extends WorkspaceCommand {
  static override summary = 'Take latencies that were measured elsewhere into a workspace: the opposite of `nnm export`.';
  static override description =
    'Reads what `nnm export` and `nnm profile` write, tables and JSON Lines of your own, and the JSON files of nnm and nn-Meter: configurations and latencies may stand in files of their own and are joined by id. A row needs a kernel (or --kernel), its configuration, and a latency in milliseconds: `latency_ms`, or `latency` as "37.53 +- 0.314".\n\nThe rows count as measured by the backend of the workspace, with its IMPLEMENT and BATCH_SIZE: rows that say otherwise are left out. They train and steer, and never grade. A configuration that was imported before gets its new latency. `nnm train` and `nnm build` go on from there.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> conv-bn-relu.csv',
    '<%= config.bin %> <%= command.id %> conv-bn-relu_prior.json profiled_conv-bn-relu.json',
    '<%= config.bin %> export conv-bn-relu -w phone --output - | <%= config.bin %> <%= command.id %> - -w other-phone',
  ];
  static override args = {
    files: Args.string({ description: 'Files of rows; `-` is standard input.', required: true, multiple: true }),
  };
  static override flags = { ...rowFlags, 'break-lock': breakLockFlag };

  async run(): Promise<ImportResult> {
    const { args, flags } = await this.parse(Import);
    const { importKernelData, lockWorkspace, workspaceContext } = await import('@nnm/builder');
    const { workspace, discovery, config } = await this.openSetup(flags.workspace, { needsBackend: false });
    const { registry } = discovery;
    const context: PipelineContext & { readonly workspace: Workspace } = { ...workspaceContext(registry, workspace, config), workspace };
    const { rows, problems } = await readLabelledRows(args.files, registry, {
      kernel: flags.kernel,
      format: flags['input-format'],
      setting: { backend: config.backend.id, implement: config.implement, batchSize: config.batchSize },
    });
    const sources = args.files.map((file) => (isStandardInput(file) ? file : resolve(file)));
    const kernels: ImportResult['kernels'][number][] = [];
    const release = await lockWorkspace(workspace, { breakLock: flags['break-lock'] });
    try {
      for (const [kernel, entries] of gatherEntries(rows)) {
        const imported = await importKernelData(kernel, [entries, entries], context, sources);
        problems.push(...imported.problems.map(({ message }) => message));
        for (const [type, added] of imported.kernels) kernels.push({ kernel: type, rows: added.length, file: imported.files[0] as string });
      }
    } finally {
      await release();
    }
    for (const problem of problems) this.caution(`${problem}.`);
    for (const { kernel, rows: count } of kernels) {
      this.log(
        `${this.paint.green('Imported')} ${countOf(count, 'row')} of ${this.paint.bold(kernel)}; they count as measured by ${config.backend.id}.`,
      );
    }
    return { workspace: workspace.folder, kernels, problems };
  }
}
