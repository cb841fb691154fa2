import { isAbsolute, resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { NnmCommand } from '../../base-command.ts';
import { shortPath } from '../../plugins/origin.ts';
import { scaffoldPlugin } from '../../scaffold/scaffold-plugin.ts';

interface NewResult {
  readonly folder: string;
  readonly files: readonly string[];
}

/** `nnm plugins new` */
export default class PluginsNew extends NnmCommand {
  static override summary = 'Write a new plugin package: a kernel or a backend that works as it is.';
  static override description =
    'The package has its source, a test that runs the contract suite, a README and a build. Change what it does from there.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> kernel my-kernel',
    '<%= config.bin %> <%= command.id %> backend my-backend --folder packages/my-backend',
  ];
  static override args = {
    kind: Args.string({ description: 'What to write.', required: true, options: ['kernel', 'backend'] as const }),
    name: Args.string({
      description: 'Name of the kernel or backend, and of the package: lower-case letters and digits, with - or _ between them.',
      required: true,
    }),
  };
  static override flags = {
    folder: Flags.string({ description: 'Where to write it. Default: a folder of that name.', helpValue: '<folder>' }),
    package: Flags.string({
      description: 'Name of the npm package. Default: nnm-<kind>-<name>, or nnm-<name> when the name says what it is.',
      helpValue: '<name>',
    }),
  };

  async run(): Promise<NewResult> {
    const { args, flags } = await this.parse(PluginsNew);
    const kind = args.kind as 'kernel' | 'backend';
    const folder = resolve(flags.folder ?? args.name);
    const files = await scaffoldPlugin({
      kind,
      name: args.name,
      folder,
      ...(flags.package !== undefined && { packageName: flags.package }),
    });
    this.log(`Wrote ${files.length} files to ${this.paint.bold(shortPath(folder))}:\n${files.map((file) => `  ${file}`).join('\n')}`);
    this.log(
      `\nNext:\n  cd ${shortPath(folder)}\n  npm install\n  npm test\n  npm run build\nthen, in the project that uses it: nnm plugins add ${asPath(shortPath(folder))}`,
    );
    return { folder, files };
  }
}

/** A relative path that npm does not take for the name of a package. */
function asPath(path: string): string {
  return isAbsolute(path) || path.startsWith('.') ? path : `./${path}`;
}
