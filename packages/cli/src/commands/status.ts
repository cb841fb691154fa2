import type { KernelStatus, WorkspaceStatus } from '@nnm/builder';
import { Args } from '@oclif/core';
import { formatShare } from '../output/quantities.ts';
import { type Column, renderTable } from '../output/table.ts';
import { shortPath } from '../plugins/origin.ts';
import { WorkspaceCommand } from '../workspace-command.ts';

const COLUMNS: readonly Column[] = [
  { title: 'KERNEL' },
  { title: 'CHOSEN', align: 'right' },
  { title: 'MEASURED', align: 'right' },
  { title: 'FLAGGED', align: 'right' },
  { title: 'FAILED', align: 'right' },
  { title: 'ROUNDS', align: 'right' },
  { title: 'WITHIN ±10 %', align: 'right' },
  { title: 'STATE' },
];

/** `nnm status [workspace]` */
export default class Status extends WorkspaceCommand {
  static override summary = 'Say how far the kernels of a workspace are, also from another terminal while a build runs.';
  static override description =
    'Reads what the build has written so far and disturbs nothing. Accuracy is that of the validation split after the last round; more rounds may be allowed than a kernel needs.';
  static override examples = ['<%= config.bin %> <%= command.id %>', 'watch <%= config.bin %> <%= command.id %> --workspace phone'];
  static override args = { folder: Args.string({ description: 'Folder of the workspace; the same as --workspace.' }) };

  async run(): Promise<WorkspaceStatus> {
    const { args, flags } = await this.parse(Status);
    const { readWorkspaceStatus } = await import('@nnm/builder');
    const { workspace, discovery, config } = await this.openSetup(args.folder ?? flags.workspace, { needsBackend: false });
    const status = await readWorkspaceStatus(workspace, config, discovery.registry);
    const rows = status.kernels.map((kernel) => [
      kernel.kernel,
      String(kernel.chosen),
      String(kernel.measured),
      String(kernel.flagged),
      String(kernel.failed),
      `${kernel.rounds} of ${kernel.mostRounds}`,
      kernel.acc10 === undefined ? '-' : formatShare(kernel.acc10),
      stateOf(kernel, status),
    ]);
    this.log(renderTable(COLUMNS, rows, this.paint));
    this.log(`\n${shortPath(status.workspace)}: ${describeBuild(status)}`);
    return status;
  }
}

function stateOf({ finished, chosen, measured, failed, begun }: KernelStatus, { building }: WorkspaceStatus): string {
  const left = chosen - measured - failed;
  const partly = begun > 0 ? `, ${begun} of them begun` : '';
  if (left > 0) return building === undefined ? `${left} left to measure${partly}` : `measuring, ${left} left${partly}`;
  if (finished) return 'finished';
  return chosen === 0 ? 'waiting' : 'measured';
}

function describeBuild({ building }: WorkspaceStatus): string {
  if (building === undefined) return 'nobody builds there now.';
  const who = building.owner === undefined ? 'a process that cannot be told' : `process ${building.owner.pid} on ${building.owner.host}`;
  return building.state === 'running' ? `${who} builds there.` : `${who} has claimed it, and cannot be seen from here.`;
}
