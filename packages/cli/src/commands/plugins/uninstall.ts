import { existsSync } from 'node:fs';
import { Args } from '@oclif/core';
import { NnmCommand } from '../../base-command.ts';
import { PluginNotInProjectError } from '../../project/errors.ts';
import { uninstallPackage } from '../../project/install-plugin.ts';
import { directDependencies, readProjectJson } from '../../project/project-folder.ts';
import { removeCommands } from '../../project/user-commands.ts';
import { userPackagesFolder } from '../../project/user-packages-folder.ts';

/** `nnm plugins uninstall` */
export default class PluginsUninstall extends NnmCommand {
  static override summary = 'Take out a package that was installed for this user with `nnm plugins install`.';
  static override examples = ['<%= config.bin %> <%= command.id %> @nnm/backend-torch'];
  static override args = { package: Args.string({ description: 'Name of the package.', required: true }) };

  async run(): Promise<{ readonly name: string; readonly folder: string }> {
    const { args } = await this.parse(PluginsUninstall);
    const folder = userPackagesFolder();
    const installed = existsSync(folder) ? directDependencies(await readProjectJson(folder)) : {};
    if (!(args.package in installed)) {
      throw new PluginNotInProjectError({ name: args.package, project: folder, dependencies: Object.keys(installed) });
    }
    await removeCommands(this.config.dataDir, args.package);
    await uninstallPackage(args.package, folder);
    this.log(`Took out ${this.paint.bold(args.package)} from ${folder}.`);
    return { name: args.package, folder };
  }
}
