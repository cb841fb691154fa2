import { Flags } from '@oclif/core';
import { NnmCommand } from '../base-command.ts';
import { shortPath } from '../plugins/origin.ts';
import { NotRegisteredError } from '../registered/errors.ts';
import { readRegistered, registeredFile, removeRegistered } from '../registered/registered-store.ts';

interface UnregisterResult {
  readonly kind: 'kernel' | 'backend';
  readonly name: string;
  readonly file: string;
}

/** `nnm unregister` */
export default class Unregister extends NnmCommand {
  static override summary = 'Take back what `nnm register` has registered.';
  static override description = 'The files of the kernel or backend, and everything measured and built with it, stay where they are.';
  static override examples = ['<%= config.bin %> <%= command.id %> --kernel my-kernel'];
  static override flags = {
    kernel: Flags.string({ description: 'Name of a registered kernel.', helpValue: '<name>', exactlyOne: ['kernel', 'backend'] }),
    backend: Flags.string({ description: 'Name of a registered backend.', helpValue: '<name>', exactlyOne: ['kernel', 'backend'] }),
  };

  async run(): Promise<UnregisterResult> {
    const { flags } = await this.parse(Unregister);
    const kind = flags.kernel === undefined ? 'backend' : 'kernel';
    const name = (flags.kernel ?? flags.backend) as string;
    const file = registeredFile();
    const entries = (await readRegistered(file)).filter((entry) => entry.kind === kind);
    const entry = entries.find((one) => one.name === name);
    if (entry === undefined) throw new NotRegisteredError({ kind, name, known: entries.map((one) => one.name), file });
    await removeRegistered(entry, file);
    this.log(`Unregistered the ${kind} ${this.paint.bold(name)} (${shortPath(file)}).`);
    return { kind, name, file };
  }
}
