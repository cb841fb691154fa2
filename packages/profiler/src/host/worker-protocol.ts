import type { RuntimeInfo, Tensor } from '@nnm/core';
import type { VisitPlan } from '../measure/visit.ts';
import type { ModelDelivery } from './model-cache.ts';
import type { HostVisitResult } from './runtime-host.ts';

/** What the engine asks of the worker, which answers one request after the other. `start` (the reference), `visit` and `execute` come with a model. */
export type WorkerRequest =
  | { readonly type: 'start'; readonly runtime: string; readonly settings: unknown }
  | { readonly type: 'visit'; readonly delivery: Omit<ModelDelivery, 'model'>; readonly plan: VisitPlan }
  | { readonly type: 'probe'; readonly durationMs: number; readonly plan: Pick<VisitPlan, 'probeWarmRuns' | 'probeTimedRuns'> }
  | { readonly type: 'execute'; readonly inputs: readonly Tensor[] }
  | { readonly type: 'close' };

/**
 * A request on its way. A model follows on the worker's standard input: the IPC channel would serialise and copy it, which
 * took longer than loading it.
 */
export interface WorkerMessage {
  readonly request: WorkerRequest;
  /** Length of the model; absent when there is none. */
  readonly modelBytes?: number;
}

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
