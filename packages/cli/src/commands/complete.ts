import { NnmError } from '@nnm/core';
import { NnmCommand } from '../base-command.ts';
import { type Completion, completeWords, type KnownCommand, type NameKind } from '../completion/complete-words.ts';
import { createTrustGate, type TrustGate } from '../trust/trust-gate.ts';

/** What shells are told by a number behind the completions: names of files fit too, or do not. */
const FILES_TOO = 0;
const NO_FILES = 4;

/** `nnm complete -- <words...>`: asked by the scripts of `nnm autocomplete` at every Tab. */
export default class Complete extends NnmCommand {
  static override hidden = true;
  static override summary = 'Say what may stand at the cursor of a command line; for the scripts of `nnm autocomplete`.';
  static override strict = false;

  async run(): Promise<{ readonly values: readonly Completion[]; readonly files: boolean }> {
    const end = this.argv.indexOf('--');
    const words = end < 0 ? this.argv : this.argv.slice(end + 1);
    const { values, files } = await completeWords(words, this.commands, (kind) => this.namesOf(kind));
    for (const { value, description } of values) this.log(`${value}\t${(description.split('\n')[0] ?? '').replaceAll('\t', ' ')}`);
    this.log(`:${files ? FILES_TOO : NO_FILES}`);
    return { values, files };
  }

  /** All that there are. */
  protected get commands(): readonly KnownCommand[] {
    return this.config.commands as readonly KnownCommand[];
  }

  /** Of all plugins that may be used here without asking; who presses Tab does not want to read why others may not. */
  private async namesOf(kind: NameKind): Promise<readonly Completion[]> {
    const registry = await this.find().then(
      (found) => found.registry,
      (error: unknown) => {
        if (NnmError.isInstance(error)) return undefined; // such as a config that may not run
        throw error;
      },
    );
    if (registry === undefined) return [];
    return kind === 'kernel'
      ? registry.kernels.map(({ value }) => ({ value: value.type, description: value.description ?? '' }))
      : registry.backends.map(({ value }) => ({ value: value.id, description: value.description }));
  }

  protected override async trustGate(): Promise<TrustGate> {
    return createTrustGate({ flag: undefined });
  }
}
