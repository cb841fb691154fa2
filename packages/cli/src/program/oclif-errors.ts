import { Command } from '@oclif/core';
import { reportError } from '../output/describe-error.ts';

/**
 * Let commands that are not nnm's own, such as `nnm help` and those of installed packages, tell errors with `--json` as nnm's own do, exit code included. Left alone
 * they print the whole configuration of the program, and end with 1 when the command line is wrong.
 */
export function tellErrorsAlike(): void {
  Object.assign(Command.prototype, {
    toErrorJson(error: unknown) {
      const { exitCode, ...report } = reportError(error);
      process.exitCode = exitCode;
      return { error: report };
    },
  });
}
