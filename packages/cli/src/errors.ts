import { NnmError } from '@nnm/core';
import { showThrown } from './output/show-value.ts';

/** The command line itself is wrong: an option's value, or options that exclude each other. Exit code 2. */
export class UsageError extends NnmError {
  constructor(details: { message: string; hint?: string }, options?: ErrorOptions) {
    super(
      { code: 'ERR_USAGE', message: details.message, hint: details.hint ?? 'Run the command with --help to see what it takes.' },
      options,
    );
  }
}

/** The result of a command does not fit into JSON: it is too large, or a plugin has put something into it that JSON cannot hold. */
export class ResultFormatError extends NnmError {
  constructor(details: { command: string }, options: { cause: unknown }) {
    super(
      {
        code: 'ERR_RESULT_FORMAT',
        message: `The result of nnm ${details.command} cannot be written as JSON: ${showThrown(options.cause)}`,
        hint: 'Ask for less at once, such as fewer configurations; for many use --output. `nnm plugins check` finds a plugin that is to blame.',
        details,
      },
      options,
    );
  }
}
