import { dirname } from 'node:path';
import { createRegistry, type Plugin } from '@nnm/core';
import { Args, Flags } from '@oclif/core';
import { NnmCommand } from '../../base-command.ts';
import { checkInChild } from '../../check/check-in-child.ts';
import { ContractNotMetError } from '../../check/errors.ts';
import { countFailures, renderChecks } from '../../check/render-check.ts';
import { shortPath } from '../../plugins/origin.ts';
import { addToConfig, type ConfigEdit } from '../../project/edit-config.ts';
import { type InstalledPackage, installedFrom, installPackage, loadInstalled, uninstallPackage } from '../../project/install-plugin.ts';
import { assertPackageSpecifier } from '../../project/package-specifier.ts';
import { findProjectFolder } from '../../project/project-folder.ts';
import { NotTrustedError } from '../../trust/errors.ts';
import { writeTrust } from '../../trust/trust-store.ts';

interface AddResult {
  readonly name: string;
  readonly version: string | undefined;
  readonly kernels: readonly string[];
  readonly backends: readonly string[];
  readonly devices: readonly string[];
  readonly config: string;
  readonly configEdit: ConfigEdit['outcome'];
}

/** `nnm plugins add` */
export default class PluginsAdd extends NnmCommand {
  static override summary = 'Add a plugin with kernels or backends to this project.';
  static override description =
    `Installs the package with npm (install scripts are not run), checks it against the contract and against the other plugins, and names it in the project's nnm config. When a check fails the package is taken out again.

To have a package in every folder, or one that adds commands to nnm itself, use \`nnm plugins install\`: it installs for this user and leaves the project alone.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> nnm-kernel-foo',
    '<%= config.bin %> <%= command.id %> ./my-kernel',
    '<%= config.bin %> <%= command.id %> ./nnm-kernel-foo-1.0.0.tgz',
  ];
  static override args = { package: Args.string({ description: 'Name, folder or tarball of a package.', required: true }) };
  static override flags = { force: Flags.boolean({ description: 'Keep it although it does not meet the whole contract.' }) };

  async run(): Promise<AddResult> {
    const { args, flags } = await this.parse(PluginsAdd);
    const project = findProjectFolder(process.cwd());
    assertPackageSpecifier(args.package);
    // Whoever adds a plugin to a project trusts it from then on, and so has to be asked about what it holds already
    for (const { error } of (await this.find(project)).failures) if (error instanceof NotTrustedError) throw error;
    this.note(`Installing ${args.package} in ${shortPath(project)} ...`);
    const installed = await installPackage(args.package, project, process.cwd());
    let plugin: Plugin;
    try {
      plugin = await this.checkInstalled(installed, project, flags.force);
    } catch (error) {
      if (installed.isNew) {
        await uninstallPackage(installed.name, project);
        this.caution(`${installed.name} was taken out again.`);
      }
      throw error;
    }
    const { file, outcome } = await addToConfig(project, installed.name, { trust: await this.trustGate() });
    for (const folder of new Set([project, dirname(file)])) await writeTrust(folder, true);
    const kernels = (plugin.kernels ?? []).map(({ type }) => type);
    const backends = (plugin.backends ?? []).map(({ id }) => id);
    const devices = (plugin.devices ?? []).map(({ id }) => id);
    this.log(
      `Added ${this.paint.bold(installed.name)} ${installed.version ?? ''}: ${[...kernels, ...backends, ...devices].join(', ') || 'nothing'}.`,
    );
    if (outcome === 'manual')
      this.caution(`${shortPath(file)} is a program, so please add '${installed.name}' to its \`plugins\` yourself.`);
    else this.log(`${outcome === 'changed' ? 'Named' : 'It is named'} in ${shortPath(file)}.`);
    return { name: installed.name, version: installed.version, kernels, backends, devices, config: file, configEdit: outcome };
  }

  private async checkInstalled({ name }: InstalledPackage, project: string, force: boolean): Promise<Plugin> {
    const plugin = await loadInstalled(name, project);
    const others = (await this.find(project)).plugins.filter((found) => found.plugin.name !== plugin.name);
    createRegistry([...others.map((found) => found.plugin), plugin]);
    const reports = await checkInChild(
      { kind: 'import', specifier: name, ...installedFrom(project) },
      { signal: this.signal, trust: this.trustFlag },
    );
    this.log(renderChecks(reports, this.paint));
    if (countFailures(reports) > 0 && !force) {
      throw new ContractNotMetError({ subject: name, reports, hint: 'Correct it, or add it as it is with --force.' });
    }
    return plugin;
  }
}
