import type { InputValues } from '@nnm/native-kit';
import type { TfliteApi } from './bindings.ts';
import type { ErrorLog } from './error-log.ts';

/** What loading a model needs. */
export interface NativeSession {
  readonly backend: string;
  readonly api: TfliteApi;
  readonly errors: ErrorLog;
  readonly threads: number;
  readonly delegate: 'xnnpack' | 'none';
  /** `DIMENSIONS`: sizes of inputs in place of those of the file. */
  readonly sizes?: Readonly<Record<string, number>> | undefined;
  /** `INPUTS`: what inputs hold while a model is timed. */
  readonly values?: InputValues | undefined;
}
