import type { DeviceFacts, RuntimeInfo } from '@nnm/core';

/** How models are kept apart, see `Isolation`. */
export const ISOLATION_KINDS = ['process', 'none', 'browser', 'device'] as const;
export type IsolationKind = (typeof ISOLATION_KINDS)[number];

/** The conditions a measurement was made under; stored with latencies and predictors. */
export interface Environment {
  readonly cpu: string;
  /** Logical CPUs. */
  readonly cores: number;
  /** Absent where the device does not tell. */
  readonly memoryBytes?: number;
  readonly platform: string;
  readonly arch: string;
  /** Frequency governor of the CPU the runs were made on, such as `performance`; absent when it has none or does not tell. */
  readonly governor?: string;
  readonly runtime: RuntimeInfo;
  readonly isolation: IsolationKind;
  /** Where the runtime ran; absent when that was this machine's operating system. */
  readonly device?: Pick<DeviceFacts, 'kind' | 'name' | 'version'>;
  readonly pinned: boolean;
  /** Version of the Node.js that the runtime ran in, or that nnm ran in where the device has none. */
  readonly node: string;
  readonly nnm: string;
}

/** One condition that is not the same. */
export interface EnvironmentDifference {
  /** Such as `CPU`, `threads`, `option delegate`. */
  readonly what: string;
  readonly was: string;
  readonly is: string;
}

/**
 * The differences between two environments that can change latencies, in words for a warning.
 *
 * Node and nnm versions, memory size, isolation and pinning are recorded but not compared: a native runtime takes the same
 * time under another Node, and a runtime that executes inside Node names the engine among its own options. Pinning and
 * isolation change the noise, not the value. An option whose value is a file's path says where a library lies, not what it
 * is: its version says that.
 *
 * @returns empty when latencies are comparable
 */
export function environmentDifferences(was: Environment, is: Environment): readonly EnvironmentDifference[] {
  const before = comparableOptions(was.runtime);
  const after = comparableOptions(is.runtime);
  const options = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const facts: readonly (readonly [string, unknown, unknown])[] = [
    ['device', deviceName(was), deviceName(is)],
    ['CPU', was.cpu, is.cpu],
    ['CPU cores', was.cores, is.cores],
    ['platform', `${was.platform} ${was.arch}`, `${is.platform} ${is.arch}`],
    ['CPU governor', was.governor, is.governor],
    ['runtime', was.runtime.runtime, is.runtime.runtime],
    ['runtime version', was.runtime.version, is.runtime.version],
    ['threads', was.runtime.threads, is.runtime.threads],
    ['layout', ...whereBothSay(was.runtime.layout, is.runtime.layout)],
    ...options.map((name) => [`option ${name}`, before[name], after[name]] as const),
  ];
  return facts
    .filter(([, before, after]) => before !== after)
    .map(([what, before, after]) => ({ what, was: String(before ?? 'none'), is: String(after ?? 'none') }));
}

/** What was measured before runtimes said it is comparable. */
function whereBothSay(was: string | undefined, is: string | undefined): readonly [string | undefined, string | undefined] {
  return was === undefined || is === undefined ? [undefined, undefined] : [was, is];
}

/** A device as far as latencies depend on it: a browser's version changes every few weeks, its engine with the first number of it. */
export function deviceName({ device }: Pick<Environment, 'device'>): string {
  return device === undefined ? 'this machine' : `${device.name} ${/^\d*/.exec(device.version)?.[0] ?? ''}`.trim();
}

/** The options of a runtime that latencies depend on: all but paths, and what says how a path was found. */
export function comparableOptions({ options }: RuntimeInfo): RuntimeInfo['options'] {
  return Object.fromEntries(Object.entries(options).filter(([name, value]) => !/source$/i.test(name) && !isPath(value)));
}

function isPath(value: unknown): boolean {
  return typeof value === 'string' && /^(\/|[A-Za-z]:[\\/]|\\\\)/.test(value);
}

/** A difference as a phrase: `threads was 1, is 4`. */
export function describeDifference({ what, was, is }: EnvironmentDifference): string {
  return `${what} was ${was}, is ${is}`;
}
