import type { RuntimeInfo, Tensor } from '../backend/index.ts';
import type { ModelDelivery } from './model-cache.ts';
import type { HostVisitResult } from './runtime-host.ts';
import type { VisitPlan } from './visit.ts';

/** What the engine asks of the worker; one request at a time. */
export type WorkerRequest =
  | { readonly type: 'start'; readonly runtime: string; readonly settings: unknown; readonly reference: Uint8Array | undefined }
  | { readonly type: 'visit'; readonly delivery: ModelDelivery; readonly plan: VisitPlan }
  | { readonly type: 'probe'; readonly durationMs: number; readonly plan: Pick<VisitPlan, 'probeWarmRuns' | 'probeTimedRuns'> }
  | { readonly type: 'execute'; readonly model: Uint8Array; readonly inputs: readonly Tensor[] }
  | { readonly type: 'close' };

/** What the worker answers to each kind of request. */
export interface WorkerAnswers {
  readonly start: { readonly info: RuntimeInfo; readonly rssBytes: number };
  readonly visit: HostVisitResult;
  readonly probe: readonly number[];
  readonly execute: readonly Tensor[];
  readonly close: undefined;
}

/** An error that crossed the process boundary: code, message and hint survive, the class does not. */
export interface WorkerErrorData {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly stack?: string;
}

export type WorkerReply = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: WorkerErrorData };
