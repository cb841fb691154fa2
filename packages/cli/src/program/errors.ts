import { NnmError } from '@nnm/core';
import type { ForeignStep, SilenceWatch } from './messages.ts';

/** The process that ran the command is gone without having said how the command ended. */
export class ProgramEndedError extends NnmError {
  constructor(details: { step: ForeignStep | undefined; plugins: readonly string[]; exitCode: number | null; signal: string | null }) {
    const { step, plugins, exitCode, signal } = details;
    const how = signal === null ? `with exit code ${exitCode ?? 'unknown'}` : `by ${signal}`;
    const suspects = plugins.length > 0 ? ` Plugins loaded: ${plugins.join(', ')}.` : '';
    super({
      code: step === undefined ? 'ERR_PROGRAM_ENDED' : 'ERR_PLUGIN_IMPORT',
      message:
        step === undefined
          ? `The process of this command ended ${how} before the command was done.${suspects}`
          : `${describeStep(step)} failed while it was imported: ${how} it, or what it imports, ended the program`,
      hint:
        step === undefined && plugins.length === 0
          ? 'It may have run out of memory, or been ended by someone. Run the same command again; nothing measured is lost.'
          : step === undefined
            ? 'A plugin that calls `process.exit` or crashes ends the command it is used by. Take it out of your nnm config, or correct it.'
            : 'Correct it, or take it out of your nnm config.',
      details,
    });
  }
}

/** A plugin, or a config, kept its process busy while it was imported, so that the process had to be killed. */
export class LoadLimitError extends NnmError {
  constructor(details: { step: ForeignStep; seconds: number }) {
    super({
      code: 'ERR_PLUGIN_IMPORT',
      message: `${describeStep(details.step)} was still busy ${details.seconds} s after its import began, so nnm stopped it.`,
      hint: 'Correct it, or take it out of your nnm config. If it only needs more time, set NNM_LOAD_LIMIT to a number of seconds.',
      details,
    });
  }
}

/** A command did not give control back although it had promised to, so that its process had to be killed. */
export class SilentProgramError extends NnmError {
  constructor({ code, message, hint }: SilenceWatch['error'], plugins: readonly string[]) {
    const suspects = plugins.length > 0 ? ` Plugins loaded: ${plugins.join(', ')}.` : '';
    super({ code, message: `${message}${suspects}`, hint, details: { plugins } });
  }
}

function describeStep({ what, name, from }: ForeignStep): string {
  return what === 'plugin' ? `The plugin "${name}"${from === undefined ? '' : ` (${from})`}` : `The nnm config ${name}`;
}
