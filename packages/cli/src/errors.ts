import { NnmError } from '@nnm/core';

/** The command line itself is wrong: an option's value, or options that exclude each other. Exit code 2. */
export class UsageError extends NnmError {
  constructor(details: { message: string; hint?: string }, options?: ErrorOptions) {
    super(
      { code: 'ERR_USAGE', message: details.message, hint: details.hint ?? 'Run the command with --help to see what it takes.' },
      options,
    );
  }
}
