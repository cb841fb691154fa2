import type { Rng } from '@nnm/core';
import type { FileSystem } from '../files/index.ts';
import type { SessionOptions } from './session.ts';

/** How to profile kernels. */
export interface ProfilerOptions extends SessionOptions {
  /** Shuffles the order of visits. */
  readonly rng: Rng;
  /** Stops the run: it throws {@link AbortedError}, and the journal keeps what was measured. */
  readonly signal?: AbortSignal | undefined;
  /**
   * All jobs are kernels of one type, which suffer alike when the machine is loud: those that meet no quiet moment are corrected by what the
   * others suffered. Default false: nothing is corrected.
   */
  readonly alike?: boolean | undefined;
  /**
   * The visits to all jobs are compared with each other: whoever measures elsewhere makes all of them on one device, in turns. Default false;
   * this process always does.
   */
  readonly together?: boolean | undefined;
  /** Where visits and records are kept while the run goes on; a run with the same file carries on after the last one. */
  readonly journalFile?: string | undefined;
  /** Where the journal lies; default: this machine's file system. */
  readonly files?: FileSystem | undefined;
  /** Forget what the journal holds. */
  readonly fresh?: boolean | undefined;
  /** Wall-clock time for the whole run, milliseconds; kernels that are not finished by then are flagged or left unmeasured. */
  readonly budgetMs?: number | undefined;
  /**
   * Settle flagged kernels, those of earlier runs too: wait at most this long in all, in milliseconds of wall clock, for the machine to
   * become quiet, and visit them again while it is. Default: only if it is quiet when all is measured, by some more visits
   * (`settleShare`).
   */
  readonly settleWaitMs?: number | undefined;
}
