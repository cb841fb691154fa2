import type { KernelReport } from './report-document.ts';

/** How far a running build is. */
export interface LiveState {
  readonly kernel?: string;
  readonly mark?: string;
  readonly stage?: string;
  readonly done?: number;
  readonly jobs?: number;
  readonly leftMs?: number;
  readonly quietShare?: number;
  /** What happened last, in words. */
  readonly messages: readonly string[];
  readonly ended: boolean;
}

/** What the server of a live page sends: the state alone, or with the report of kernels that have changed. */
export interface LiveMessage {
  readonly state: LiveState;
  readonly kernels?: readonly KernelReport[];
}
