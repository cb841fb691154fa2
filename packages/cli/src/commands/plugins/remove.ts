import { Args } from '@oclif/core';
import { NnmCommand } from '../../base-command.ts';
import { shortPath } from '../../plugins/origin.ts';
import { removeFromConfig } from '../../project/edit-config.ts';
import { PluginNotInProjectError } from '../../project/errors.ts';
import { uninstallPackage } from '../../project/install-plugin.ts';
import { directDependencies, findProjectFolder, readProjectJson } from '../../project/project-folder.ts';

interface RemoveResult {
  readonly name: string;
  readonly uninstalled: boolean;
  readonly config: string | undefined;
}

/** `nnm plugins remove` */
export default class PluginsRemove extends NnmCommand {
  static override summary = 'Remove a plugin with kernels or backends from this project.';
  static override description = 'Takes it out of the nnm config and uninstalls the package. What was measured and built with it stays.';
  static override examples = ['<%= config.bin %> <%= command.id %> nnm-kernel-foo'];
  static override args = { package: Args.string({ description: 'Name of the package, as `nnm plugins list` shows it.', required: true }) };

  async run(): Promise<RemoveResult> {
    const { args } = await this.parse(PluginsRemove);
    const name = args.package;
    const project = findProjectFolder(process.cwd());
    const dependencies = directDependencies(await readProjectJson(project));
    const edit = await removeFromConfig(project, name, { trust: await this.trustGate() });
    const isDependency = name in dependencies;
    if (!isDependency && edit?.outcome !== 'changed' && edit?.outcome !== 'manual') {
      throw new PluginNotInProjectError({ name, project, dependencies: Object.keys(dependencies) });
    }
    if (isDependency) await uninstallPackage(name, project);
    if (edit?.outcome === 'manual')
      this.caution(`${shortPath(edit.file)} is a program, so please take '${name}' out of its \`plugins\` yourself.`);
    this.log(
      `Removed ${this.paint.bold(name)} from ${shortPath(project)}${edit?.outcome === 'changed' ? ` and ${shortPath(edit.file)}` : ''}.`,
    );
    return { name, uninstalled: isDependency, config: edit?.file };
  }
}
