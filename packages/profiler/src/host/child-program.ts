import { type ChildProcess, fork } from 'node:child_process';
import type { WorkerDeath } from '../errors.ts';
import { SYSTEM_TIMERS, type Timers } from '../timers.ts';
import type { OwnProgram } from './own-program.ts';
import { describeDeath } from './worker-death.ts';

const STDERR_KEPT = 4000;
/** How long output of a program that has ended may still come, held open by a child of its own. */
const REST_OF_OUTPUT_MS = 1000;

/** How a program ended, as the system says it. */
export interface ChildEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** What somebody who runs a child program wants to hear of it. */
export interface ChildListener {
  /** A message from the child; what it holds is the child's word only, and to be checked. */
  message(message: unknown): void;
  /** The child has ended, for whatever reason, and all its output is read. Called once, after the last message. */
  end(death: WorkerDeath, how: ChildEnd): void;
}

/** How to run a child program. */
export interface ChildOptions {
  /** `advanced` carries typed arrays; default `json`. */
  readonly serialization?: 'json' | 'advanced';
  /** Bytes can be written to it beside the messages. Default: no. */
  readonly takesBytes?: boolean;
  /** What its time limit is measured by. Default: this process's own time. */
  readonly timers?: Timers;
  /** The program speaks to the user as this one does: with its own arguments, environment and terminal. Default: nobody sees it. */
  readonly visible?: {
    readonly argv: readonly string[];
    readonly env: Readonly<Record<string, string | undefined>>;
    /** Takes what it writes to its standard output, which is this process's otherwise. */
    readonly onOutput?: (chunk: Uint8Array) => void;
  };
}

/**
 * A program of this project in a process of its own, which may hang or die at any moment: messages both ways, a time limit,
 * a sure end, and words for how it ended.
 *
 * Unless it is visible, its standard output is thrown away, because a native library that prints must not spoil the caller's, and what it
 * says last on its error output explains a crash.
 */
export class ChildProgram {
  private readonly child: ChildProcess;
  private stderr = '';
  private cancelLimit: () => void = () => undefined;
  private readonly timers: Timers;
  private lateMs: number | undefined;
  private over = false;
  /** Settles once the child is gone and its listener has been told. */
  readonly ended: Promise<void>;

  constructor({ file, execArgv }: OwnProgram, listener: ChildListener, options: ChildOptions = {}) {
    const { serialization = 'json', takesBytes = false, timers = SYSTEM_TIMERS, visible } = options;
    this.timers = timers;
    const child = fork(file, [...(visible?.argv ?? [])], {
      execArgv: [...execArgv],
      env: visible?.env ?? process.env,
      serialization,
      stdio: visible
        ? ['inherit', visible.onOutput ? 'pipe' : 'inherit', 'inherit', 'ipc']
        : [takesBytes ? 'pipe' : 'ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child = child;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-STDERR_KEPT);
    });
    if (visible?.onOutput) child.stdout?.on('data', visible.onOutput);
    child.on('message', (message: unknown) => listener.message(message));
    // A child that dies before it has read all its bytes breaks the pipe; its end is told by `close`.
    child.stdin?.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      const finish = (how: ChildEnd): void => {
        if (this.over) return;
        this.over = true;
        this.stopTime();
        listener.end(this.deathOf(how), how);
        resolve();
      };
      const allSaid = Promise.all(['close', 'disconnect'].map((event) => new Promise((said) => child.once(event, said))));
      child.on('exit', (exitCode, signal) => {
        const end = (): void => finish({ exitCode, signal });
        // Not before what has come is read, however long this process has been kept from reading.
        const cancel = SYSTEM_TIMERS.after(REST_OF_OUTPUT_MS, () => void setImmediate(end));
        void allSaid.then(() => {
          cancel();
          end();
        });
      });
      child.on('error', (error) => {
        this.stderr += error.message;
        // A child that could not be started at all never ends.
        if (child.pid === undefined) finish({ exitCode: null, signal: null });
      });
    });
  }

  get pid(): number {
    return this.child.pid!;
  }

  get hasEnded(): boolean {
    return this.over;
  }

  /** A failed send means that the child is gone, which its listener hears. */
  send(message: object, bytes?: Uint8Array): void {
    this.child.send(message, () => undefined);
    if (bytes !== undefined) this.child.stdin?.write(bytes);
  }

  /** Kill it unless the time is set or stopped again before. */
  limitTime(ms: number): void {
    this.cancelLimit();
    this.cancelLimit = this.timers.after(ms, () => {
      this.lateMs = ms;
      this.kill();
    });
  }

  stopTime(): void {
    this.cancelLimit();
  }

  /** End it at once, whatever it does. */
  kill(): void {
    this.child.kill('SIGKILL');
  }

  private deathOf(how: ChildEnd): WorkerDeath {
    return this.lateMs === undefined
      ? describeDeath({ ...how, stderr: this.stderr })
      : { code: 'ERR_KERNEL_TIMEOUT', reason: `did not finish within ${this.lateMs / 1000} s and was stopped` };
  }
}
