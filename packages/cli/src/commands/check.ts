import type { CheckReport } from '@nnm/builder';
import { Args, Flags } from '@oclif/core';
import { countOf } from '../output/quantities.ts';
import { renderTable } from '../output/table.ts';
import { shortPath } from '../plugins/origin.ts';
import { WorkspaceCommand } from '../workspace-command.ts';

/** `nnm check [workspace]` */
export default class Check extends WorkspaceCommand {
  static override summary = 'Verify every file of a workspace against every other, and repair what is safe.';
  static override description =
    'Looks at the manifest, the configuration, configurations and their ids, journals, latency files, imported data, predictors, saved graphs, locks, and what killed processes left behind. Nothing is changed without --repair; what it repairs can be made again from what stays. Ends with 1 when a fault is left.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> phone --repair'];
  static override args = { workspace: Args.string({ description: 'Folder of the workspace; the same as --workspace.' }) };
  static override flags = {
    repair: Flags.boolean({ description: 'Put right what is safe to put right.' }),
    'break-lock': Flags.boolean({
      dependsOn: ['repair'],
      description: 'Repair although the lock says that another process works there. Make sure that none does.',
    }),
  };

  async run(): Promise<CheckReport> {
    const { args, flags } = await this.parse(Check);
    const { checkWorkspace } = await import('@nnm/builder');
    const { folder } = await this.openWorkspace(args.workspace ?? flags.workspace);
    const { registry } = await this.discover();
    const report = await checkWorkspace(folder, registry, { repair: flags.repair, breakLock: flags['break-lock'] });
    const rows = report.findings.map(({ file, kind, problem, remedy, repairable, repaired }) => [
      repaired ? 'repaired' : kind,
      file,
      problem.split('\n')[0] ?? '',
      repaired ? '' : repairable ? '--repair puts it right' : (remedy ?? ''),
    ]);
    if (rows.length > 0)
      this.log(renderTable([{ title: 'STATE' }, { title: 'FILE' }, { title: 'FOUND' }, { title: 'WHAT TO DO' }], rows, this.paint));
    const left = report.faults === 0 ? 'nothing is wrong' : countOf(report.faults, 'fault');
    this.log(`${countOf(report.files, 'file')} in ${shortPath(report.workspace)}: ${left}.`);
    if (report.faults > 0) process.exitCode = 1;
    return report;
  }
}
