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

/** Two sources of latencies have no kernel in common: no verdict must not pass for a good one. */
export class NothingToCompareError extends NnmError {
  constructor(details: { before: string; after: string; onlyBefore: readonly string[]; onlyAfter: readonly string[] }) {
    const { before, after, onlyBefore, onlyAfter } = details;
    super({
      code: 'ERR_NOTHING_TO_COMPARE',
      message: `${before} and ${after} have no measured kernel in common: ${onlyBefore.join(', ') || 'none'} there, ${onlyAfter.join(', ') || 'none'} here.`,
      hint: 'Measure the same kernels on both sides, or name kernels that both have with --kernel.',
      details,
    });
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
