import { resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { NnmCommand } from '../base-command.ts';
import { shortPath } from '../plugins/origin.ts';
import { findProjectRoot } from '../plugins/project-root.ts';
import { findCode } from '../trust/find-code.ts';
import { readTrust, trustFile, writeTrust } from '../trust/trust-store.ts';

interface TrustResult {
  /** The folders that this run was about, with what nnm would run there. */
  readonly changed: readonly { readonly folder: string; readonly code: readonly string[] }[];
  /** All folders that are remembered: true where nnm may run code, false where it may not. */
  readonly folders: Readonly<Record<string, boolean>>;
  readonly file: string;
}

/** `nnm trust [folder]` */
export default class Trust extends NnmCommand {
  static override summary = 'Allow nnm to run the code that a project brings along, and remember it.';
  static override description =
    `An nnm config that is a program, the plugins that a config names, and dependencies that are plugins are code: nnm runs it only in projects that are trusted. On a terminal it asks at the first use and remembers the answer; elsewhere, as in CI, it refuses until it is told, by this command, by --trust, or by NNM_TRUST=1.

Trust is for the folder that the config or the package.json lies in, and not for folders below it. Code is never run because of --workspace.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> ../project --refuse',
    '<%= config.bin %> <%= command.id %> --list',
  ];
  static override args = { folder: Args.string({ description: 'A folder of the project. Default: the current one.' }) };
  static override flags = {
    refuse: Flags.boolean({ description: 'Never run its code, and do not ask.', exclusive: ['forget', 'list'] }),
    forget: Flags.boolean({ description: 'Ask again at the next use.', exclusive: ['list'] }),
    list: Flags.boolean({ description: 'Show what is remembered and change nothing.' }),
  };

  async run(): Promise<TrustResult> {
    const { args, flags } = await this.parse(Trust);
    const folder = resolve(args.folder ?? '.');
    const found = flags.list ? [] : await findCode(folder);
    const targets = flags.list || found.length > 0 ? found : [{ folder: findProjectRoot(folder) ?? folder, code: [] }];
    const answer = flags.forget ? undefined : !flags.refuse;
    const changed: TrustResult['changed'][number][] = [];
    for (const target of targets) {
      const real = await writeTrust(target.folder, answer);
      changed.push({ folder: real, code: target.code });
      const said = answer === undefined ? 'Asks again about' : answer ? this.paint.green('Trusts') : this.paint.red('Refuses');
      this.log(
        `${said} ${this.paint.bold(real)}: ${target.code.map((code) => shortPath(code)).join(', ') || 'it holds no code for nnm yet'}`,
      );
    }
    const folders = await readTrust();
    if (flags.list) {
      for (const [name, trusted] of Object.entries(folders)) this.log(`${trusted ? 'trusted' : 'refused'}  ${name}`);
      if (Object.keys(folders).length === 0) this.log('No folder is remembered.');
    }
    return { changed, folders, file: trustFile() };
  }
}
