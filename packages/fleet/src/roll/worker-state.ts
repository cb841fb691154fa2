/** What a worker says of itself with every heartbeat. */
export interface WorkerState {
  /** Of this process. */
  readonly id: string;
  /** Name of the device, which outlives its workers. */
  readonly device: string;
  readonly classId: string;
  readonly backend: string;
  readonly protocol: number;
  readonly nnm: string;
  readonly pid: number;
  /** What it works on. */
  readonly doing: 'waiting' | 'measuring';
  /** Kernels that it has measured. */
  readonly kernels: number;
}

/** A worker as the roll shows it. */
export interface ListedWorker extends WorkerState {
  /** Milliseconds since its last heartbeat, by the clock of the server. */
  readonly silentMs: number;
  /** Heard of lately. */
  readonly isLive: boolean;
}
