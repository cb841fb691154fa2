import type { Environment } from '../environment.ts';
import type { ProfileRecord, Visit } from '../types.ts';

/** The journal format this version writes and reads. */
export const JOURNAL_SCHEMA_VERSION = 1;

/** Where measurements come from that were not made by the process which writes them down. */
export interface MeasurementOrigin {
  /** Names the run to whoever makes them, so that another process can go on with it. */
  readonly run: string;
  /** The device that made what follows; absent while nothing does. */
  readonly device?: string | undefined;
}

/**
 * One line of a journal. `hash` says what was measured (`graphHash`); lines from before it was kept have none, as do records,
 * which hold it themselves.
 */
export type JournalLine =
  | { readonly type: 'header'; readonly kind: 'nnm-profile'; readonly schemaVersion: number }
  /**
   * A session began: what follows was measured in it. `reference` tells by which reference its visits were probed (`referenceId`); without
   * one they were not, or by a version that did not say.
   */
  | {
      readonly type: 'session';
      readonly at: string;
      readonly environment: Environment;
      readonly reference?: string | undefined;
      readonly origin?: MeasurementOrigin | undefined;
    }
  /** Code of others is about to work on a kernel in this process, and may never give control back: a crash, unless something of it follows. */
  | { readonly type: 'begun'; readonly id: string; readonly hash?: string | undefined }
  | { readonly type: 'visit'; readonly id: string; readonly hash?: string | undefined; readonly visit: Visit }
  | { readonly type: 'crash'; readonly id: string; readonly hash?: string | undefined; readonly reason: string }
  | { readonly type: 'record'; readonly record: ProfileRecord };
