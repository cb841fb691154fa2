import { type KernelConfig, NnmError } from '@nnm/core';
import { countOf } from '../output/quantities.ts';
import { showThrown } from '../output/show-value.ts';
import type { StageRow } from './stage-row.ts';

/** One of many that a stage could not do. */
export interface StageFailure {
  readonly kernel?: string;
  readonly id: string;
  readonly config?: KernelConfig;
  readonly error: { readonly code: string; readonly message: string };
}

/** Failures that are told at once that are shown. */
const SHOWN = 5;

/** What of many things a stage could not do: the others go on. */
export class StageFailures {
  readonly list: StageFailure[] = [];

  /** Do one of them; an error of nnm's is a failure of this one alone, but a file that cannot be written ends the stage. */
  async gather({ kernel, id, config }: StageRow, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!NnmError.isInstance(error) || ENDS_ALL.has(error.code)) throw error;
      const cause = error.cause === undefined ? '' : ` ${showThrown(error.cause)}`;
      this.list.push({
        ...(kernel && { kernel }),
        id,
        ...(config && { config }),
        error: { code: error.code, message: `${error.message}${cause}` },
      });
    }
  }

  /** Say what failed, and let the command end with 1. */
  tell(say: (text: string) => void, what: string): void {
    if (this.list.length === 0) return;
    process.exitCode = 1;
    const shown = this.list
      .slice(0, SHOWN)
      .map(({ kernel, id, error }) => `  ${kernel === undefined ? '' : `${kernel} `}${id}: ${error.message}`);
    const more = this.list.length > SHOWN ? ['  …'] : [];
    say([`${countOf(this.list.length, 'row')} ${what}:`, ...shown, ...more].join('\n'));
  }
}

const ENDS_ALL = new Set(['ERR_ABORTED', 'ERR_FILE_ACCESS', 'ERR_RUNTIME_UNAVAILABLE', 'ERR_USAGE']);
