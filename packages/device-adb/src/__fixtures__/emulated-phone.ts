import type { ChildProcess } from 'node:child_process';

/** What a phone of a test is like. */
export interface EmulatorOptions {
  /** `never` allows no machine; `asked` does so once it is asked with a key; `open` asks for none. Default: `asked`. */
  readonly auth?: 'never' | 'asked' | 'open';
  /** Properties that `getprop` knows. */
  readonly properties?: Readonly<Record<string, string>>;
  /** A phone of Android 6: no shell protocol with exit statuses. */
  readonly isOld?: boolean;
  /** Bytes that may be pushed to it. */
  readonly spaceBytes?: number;
}

/** A phone as those see it who speak with it on its behalf. */
export interface EmulatedPhone {
  readonly options: EmulatorOptions;
  /** Pairs of `adb reverse`. */
  readonly reversed: Map<string, string>;
  /** Bytes that may still be pushed to it. */
  spaceBytes: number;
  /** Where a path of the phone lies on this machine. */
  here(path: string): string;
  /** Run a command in its shell. */
  run(command: string, arg0: string): ChildProcess;
  /** What it says of itself to adb. */
  banner(): string;
}
