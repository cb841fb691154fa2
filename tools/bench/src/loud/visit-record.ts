/** One run of each reference, in milliseconds. */
export interface Probes {
  /** What the engine had as its reference once: bound by vector arithmetic. */
  readonly convolution?: number;
  /** What it has now; absent, as the one above, in recordings from before it was known. */
  readonly engine?: number;
  /** Bound by the third-level cache. */
  readonly memory: number;
  /** A few thousand instructions on data in the first-level cache. */
  readonly light: number;
}

/** A stretch of timed runs of a kernel, and what can be known of the machine around it. Times are milliseconds of one run. */
export interface LoudSlice {
  readonly runs: number;
  readonly minMs: number;
  readonly medianMs: number;
  readonly meanMs: number;
  /** Time on a CPU for each run. */
  readonly cpuMs: number;
  /** How often the process had to give its CPU to others meanwhile. */
  readonly switches: number;
  /** Right after these runs. */
  readonly probes: Probes;
}

/** One visit: the model was loaded for it. */
export interface LoudVisit {
  readonly phase: string;
  readonly id: string;
  /** Number of the visit to this kernel in this phase. */
  readonly visit: number;
  readonly atMs: number;
  /** Before the first slice. */
  readonly first: Probes;
  readonly slices: readonly LoudSlice[];
  /** Mean of 50 runs after 10 others, of the first visit. */
  readonly plainMs?: number;
}

/** What the recording process is asked for. */
export interface VisitRequest {
  readonly model: Uint8Array;
  readonly slices: number;
  /** Also time 10 + 50 runs. */
  readonly plain: boolean;
}

/** What the recording process needs before its first visit. */
export interface RecorderStart {
  readonly settings: unknown;
  readonly references: Readonly<Record<keyof Probes, Uint8Array>>;
}

/** What the recording process answers. */
export type VisitReply = Pick<LoudVisit, 'first' | 'slices' | 'plainMs'>;
