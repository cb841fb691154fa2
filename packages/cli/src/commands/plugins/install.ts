import { join } from 'node:path';
import { Args } from '@oclif/core';
import { NnmCommand } from '../../base-command.ts';
import { UsageError } from '../../errors.ts';
import { PLUGIN_KEYWORD } from '../../plugins/dependency-plugins.ts';
import { installForUser } from '../../project/install-backend.ts';
import { loadInstalled, uninstallPackage } from '../../project/install-plugin.ts';
import { readProjectJson } from '../../project/project-folder.ts';
import { addCommands } from '../../project/user-commands.ts';
import { userPackagesFolder } from '../../project/user-packages-folder.ts';

interface InstallResult {
  readonly name: string;
  readonly version: string | undefined;
  readonly folder: string;
  /** What it brings. */
  readonly brings: readonly ('plugin' | 'commands')[];
}

/** `nnm plugins install` */
export default class PluginsInstall extends NnmCommand {
  static override summary = 'Install a package for this user: kernels and backends for every folder, or commands for nnm itself.';
  static override description =
    'Installs into the folder of what nnm keeps for its user (NNM_HOME), and changes no project; install scripts are not run. What a project itself adds with `nnm plugins add` comes before it.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> @nnm/backend-torch',
    '<%= config.bin %> <%= command.id %> nnm-plugin-with-commands',
  ];
  static override args = { package: Args.string({ description: 'Name, folder or tarball of a package.', required: true }) };

  async run(): Promise<InstallResult> {
    const { args } = await this.parse(PluginsInstall);
    const folder = userPackagesFolder();
    this.note(`Installing ${args.package} in ${folder} ...`);
    const { name, version, isNew } = await installForUser(args.package, process.cwd());
    const { keywords, oclif } = await readProjectJson(join(folder, 'node_modules', name));
    const brings: ('plugin' | 'commands')[] = [];
    try {
      if (keywords?.includes(PLUGIN_KEYWORD)) {
        await loadInstalled(name, folder);
        brings.push('plugin');
      }
      if (oclif?.commands !== undefined) brings.push('commands');
      if (brings.length === 0) throw nothingToAdd(name);
    } catch (error) {
      if (isNew) await uninstallPackage(name, folder);
      throw error;
    }
    if (brings.includes('commands')) await addCommands(this.config.dataDir, name, folder);
    this.log(`Installed ${this.paint.bold(name)} ${version ?? ''} in ${folder}.`);
    return { name, version, folder, brings };
  }
}

function nothingToAdd(name: string): UsageError {
  return new UsageError({
    message: `The package ${name} brings neither kernels nor backends nor commands.`,
    hint: `A plugin has the keyword ${PLUGIN_KEYWORD} in its package.json, a package of commands \`oclif.commands\`.`,
  });
}
