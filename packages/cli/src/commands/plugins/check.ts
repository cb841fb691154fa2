import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { NnmCommand } from '../../base-command.ts';
import { checkInChild } from '../../check/check-in-child.ts';
import type { CheckReport } from '../../check/check-plugin.ts';
import { type CheckSource, loadSource } from '../../check/check-source.ts';
import { ContractNotMetError } from '../../check/errors.ts';
import { countFailures, renderChecks } from '../../check/render-check.ts';
import { findProjectFolder } from '../../project/project-folder.ts';

interface CheckResult {
  readonly name: string;
  readonly reports: readonly CheckReport[];
}

/** `nnm plugins check` */
export default class PluginsCheck extends NnmCommand {
  static override summary = 'Run the contract suite over a plugin and say what is not met, and why.';
  static override description =
    'Kernels: shapes, determinism, features and their inverse, sampler counts and ranges, JSON-safe configurations, and right, finite outputs on the reference and on every runtime of this machine. Backends: settings, conversion, outputs against the reference, refusals, closing.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> nnm-kernel-foo',
    '<%= config.bin %> <%= command.id %> ./my-kernel',
    '<%= config.bin %> <%= command.id %> @nnm/kernels-conv',
  ];
  static override args = { package: Args.string({ description: 'Name of an installed plugin, or the path of one.', required: true }) };
  static override flags = {
    backend: Flags.string({
      description: 'Run its kernels on this backend only; may be given several times.',
      multiple: true,
      helpValue: '<backend>',
    }),
  };

  async run(): Promise<CheckResult> {
    const { args, flags } = await this.parse(PluginsCheck);
    const found = (await this.find()).plugins.map(({ plugin }) => plugin);
    const source = await this.locate(
      args.package,
      found.map(({ name }) => name),
    );
    const plugin = await loadSource(source, found);
    const { createRegistry } = await import('@nnm/core');
    const registry = createRegistry([...found.filter(({ name }) => name !== plugin.name), plugin]);
    const backends = flags.backend?.map((id) => registry.backend(id)) ?? registry.backends.map(({ value }) => value);

    const reports = await checkInChild(source, {
      backends: plugin.kernels?.length ? backends.map(({ id }) => id) : [],
      signal: this.signal,
      trust: this.trustFlag,
      ...(this.isVerbose && { onCase: (name, failed) => this.note(`${failed ? '✗' : '✓'} ${name}`) }),
    });
    this.log(renderChecks(reports, this.paint));
    if (countFailures(reports) > 0) {
      throw new ContractNotMetError({ subject: plugin.name, reports, hint: 'Correct it and check it again.' });
    }
    return { name: plugin.name, reports };
  }

  private async locate(specifier: string, found: readonly string[]): Promise<CheckSource> {
    if (found.includes(specifier)) return { kind: 'found', name: specifier };
    const project = findProjectFolder(process.cwd());
    const path = resolve(specifier);
    // What is no folder that can be looked at is taken for the name of a package.
    const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
    const file = join(project, 'package.json');
    return { kind: 'import', specifier: isFolder ? path : specifier, fromFile: file, origin: { kind: 'config', file } };
  }
}
