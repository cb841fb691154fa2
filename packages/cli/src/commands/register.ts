import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writeWholeFile } from '@nnm/builder';
import { createRegistry } from '@nnm/core';
import { Flags } from '@oclif/core';
import { NnmCommand } from '../base-command.ts';
import { checkInChild } from '../check/check-in-child.ts';
import { type CheckSource, loadSource } from '../check/check-source.ts';
import { ContractNotMetError } from '../check/errors.ts';
import { countFailures, renderChecks } from '../check/render-check.ts';
import { shortPath } from '../plugins/origin.ts';
import { checkParts } from '../registered/check-parts.ts';
import { compilePlugin, pluginName } from '../registered/compile-plugin.ts';
import { NameTakenError } from '../registered/errors.ts';
import { type MetaFile, readMetaFile } from '../registered/meta-file.ts';
import { addRegistered, readRegistered, registeredFile } from '../registered/registered-store.ts';

interface RegisterResult {
  readonly kind: 'kernel' | 'backend';
  readonly name: string;
  readonly metaFile: string;
  readonly file: string;
}

/** `nnm register` */
export default class Register extends NnmCommand {
  static override summary = 'Register a kernel or backend from a local folder, for this user.';
  static override description =
    `The meta file says where its classes are: builtin_name, package_location, class_module and class_name, and for a kernel also sampler_module, sampler_name, parser_module, parser_name and, if it is for one framework only, implement. Modules may be TypeScript or JavaScript. They are imported and tried before anything is registered.

What is registered is there in every project of this user (the list is kept in NNM_HOME, or the user's data folder). To share a kernel with a project, make it a package: nnm plugins new.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --kernel ./my-kernel/meta.yaml',
    '<%= config.bin %> <%= command.id %> --backend ./my-backend/meta.yaml',
  ];
  static override flags = {
    kernel: Flags.string({ description: 'Meta file of a kernel.', helpValue: '<meta.yaml>', exactlyOne: ['kernel', 'backend'] }),
    backend: Flags.string({ description: 'Meta file of a backend.', helpValue: '<meta.yaml>', exactlyOne: ['kernel', 'backend'] }),
    force: Flags.boolean({ description: 'Register it although it does not meet the whole contract, or again under the same name.' }),
  };

  async run(): Promise<RegisterResult> {
    const { flags } = await this.parse(Register);
    const kind = flags.kernel === undefined ? 'backend' : 'kernel';
    const meta = await readMetaFile(kind, (flags.kernel ?? flags.backend) as string);
    const file = registeredFile();
    await this.refuseTakenName(meta, file, flags.force);

    const parts = await checkParts(meta);
    const trial = join(await mkdtemp(join(tmpdir(), 'nnm-register-')), 'plugin.ts');
    await writeWholeFile(trial, compilePlugin(meta, parts));
    try {
      const source = { kind: 'import', specifier: trial, fromFile: trial, origin: { kind: 'registered', file } } satisfies CheckSource;
      createRegistry([await loadSource(source, [])]);
      const reports = await checkInChild(source, { signal: this.signal, trust: this.trustFlag });
      this.log(renderChecks(reports, this.paint));
      if (countFailures(reports) > 0 && !flags.force) {
        const hint = 'Correct it and run the command again, or register it as it is with --force. Nothing was registered.';
        throw new ContractNotMetError({ subject: `The ${kind} "${meta.name}" of ${meta.metaFile}`, reports, hint });
      }
    } finally {
      await rm(dirname(trial), { recursive: true, force: true });
    }
    await addRegistered(meta, parts, file);
    this.log(`Registered the ${kind} ${this.paint.bold(meta.name)} in ${shortPath(file)}. See it with \`nnm ${kind}s\`.`);
    return { kind, name: meta.name, metaFile: meta.metaFile, file };
  }

  private async refuseTakenName({ kind, name, metaFile }: MetaFile, file: string, force: boolean): Promise<void> {
    const before = (await readRegistered(file)).find((entry) => entry.kind === kind && entry.name === name);
    if (before !== undefined) {
      if (force) return;
      throw new NameTakenError({ kind, name, metaFile, owner: before.metaFile, registered: true });
    }
    for (const { plugin } of (await this.find()).plugins) {
      if (plugin.name === pluginName(name)) continue;
      const ids = kind === 'kernel' ? plugin.kernels?.map(({ type }) => type) : plugin.backends?.map(({ id }) => id);
      if (ids?.includes(name)) throw new NameTakenError({ kind, name, metaFile, owner: plugin.name, registered: false });
    }
  }
}
