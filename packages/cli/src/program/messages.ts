/** What the program is about to do with code that is not nnm's own. */
export interface ForeignStep {
  /** A plugin, or an nnm config that is a program. */
  readonly what: 'plugin' | 'config';
  /** As the user wrote it: package name, path, or file. */
  readonly name: string;
  /** What brought the plugin in. */
  readonly from?: string;
}

/** What the process that runs a command tells the one that watches over it. */
export type ProgramMessage =
  /** A command of nnm has begun: its result comes as a `document`, whatever else is written to stdout is not the result. */
  | { readonly type: 'command'; readonly id: string }
  | { readonly type: 'step'; readonly step: ForeignStep }
  | { readonly type: 'step-done'; readonly step: ForeignStep }
  /** The one JSON document of `--json`, and how the program ends. */
  | { readonly type: 'document'; readonly text: string; readonly exitCode: number }
  /** What is to be done when the command falls silent. */
  | { readonly type: 'watch'; readonly id: number; readonly watch: SilenceWatch }
  | { readonly type: 'watch-done'; readonly id: number }
  /** Nothing more will come. */
  | { readonly type: 'finished'; readonly exitCode: number }
  /** The answer to `interrupt` or `ping`. */
  | { readonly type: 'alive' };

/**
 * Something that the command promises: to give control back now and then. Code of others that runs in its process may keep it from that,
 * and then only another process can end it.
 */
export interface SilenceWatch {
  /** Milliseconds from now until the promise counts. */
  readonly afterMs: number;
  /** Longest time without an answer, milliseconds. */
  readonly silenceMs: number;
  /** What the command ends with when it has not kept it: the parts of an error, as errors do not travel. */
  readonly error: { readonly code: `ERR_${string}`; readonly message: string; readonly hint: string };
}

/** What it is told. */
export type SupervisorMessage = { readonly type: 'interrupt' } | { readonly type: 'ping' };

/** Tells the child process that it is one. Removed there at once, so that its own children do not take themselves for one. */
export const SUPERVISED_VARIABLE = 'NNM_SUPERVISED';

/** True in the process that `supervise` has started, until it connects. */
export function isSupervised(): boolean {
  return process.send !== undefined && process.env[SUPERVISED_VARIABLE] !== undefined;
}

/** Seconds that importing a plugin or a config may take; the variable changes it. */
export const LOAD_LIMIT_VARIABLE = 'NNM_LOAD_LIMIT';
const LOAD_LIMIT_SECONDS = 30;

/** The limit of {@link LOAD_LIMIT_VARIABLE} in milliseconds. */
export function loadLimitMs(env: Readonly<Record<string, string | undefined>> = process.env): number {
  const seconds = Number(env[LOAD_LIMIT_VARIABLE]);
  return 1000 * (seconds > 0 && seconds < 86_400 ? seconds : LOAD_LIMIT_SECONDS);
}
