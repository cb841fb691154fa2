import type { ExplainedSetting } from '@nnm/builder';
import { Args } from '@oclif/core';
import { renderTable } from '../output/table.ts';
import { shortPath } from '../plugins/origin.ts';
import { WorkspaceCommand } from '../workspace-command.ts';

interface ConfigResult {
  readonly workspace: string;
  readonly settings: readonly ExplainedSetting[];
}

/** `nnm config [workspace]` */
export default class Config extends WorkspaceCommand {
  static override summary = 'Show every setting of a workspace, its effective value, and where that comes from.';
  static override description =
    'A setting comes from a line of configs/predictorbuild_config.yaml or configs/backend_config.yaml, or is the default. Flags of a command, such as --seed of `nnm build`, count for that run alone.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> phone --json'];
  static override args = { folder: Args.string({ description: 'Folder of the workspace; the same as --workspace.' }) };

  async run(): Promise<ConfigResult> {
    const { args, flags } = await this.parse(Config);
    const { explainConfig } = await import('@nnm/builder');
    const { workspace, config } = await this.openSetup(args.folder ?? flags.workspace, { needsBackend: false });
    const settings = await explainConfig(workspace, config);
    const rows = settings.map(({ key, value, from, file, line }) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
      from === 'default' ? this.paint.dim('default') : `${shortPath(file ?? '')}${line === undefined ? '' : `:${line}`}`,
    ]);
    this.log(renderTable([{ title: 'SETTING' }, { title: 'VALUE' }, { title: 'FROM' }], rows, this.paint));
    return { workspace: workspace.folder, settings };
  }
}
