import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Which process, of all that ever were. A number alone does not say: numbers come again, and every container counts from 1. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** The run of the operating system: it changes with every start of the machine. Linux only. */
  readonly boot?: string;
  /** The installation of the operating system, through all its runs. Linux only; containers often have none. */
  readonly machine?: string;
  /** Where the process number counts: another container counts for itself. Linux only. */
  readonly namespace?: string;
  /** When the process began, in words or ticks that only equality has a meaning for. */
  readonly began?: string;
}

/** What can be said of a process from here. `unknown`: it may run in another container or on another machine. */
export type ProcessState = 'running' | 'gone' | 'unknown';

/** How processes are looked up where their numbers count; an argument, so that every case can be tested. */
export interface ProcessLookup {
  isRunning(pid: number): boolean;
  whenBegan(pid: number): string | undefined;
}

/** The machine, and the corner of it, that a process runs in. */
export type ProcessPlace = Omit<ProcessIdentity, 'pid' | 'began'>;

/** Whether a process still runs, as far as it can be looked up. @param here - who asks */
export function judgeProcess(other: ProcessIdentity, here: ProcessPlace & { readonly pid: number }, lookup: ProcessLookup): ProcessState {
  if (other.boot !== undefined && here.boot !== undefined) {
    if (other.boot !== here.boot) {
      // Two machines may share a folder and, with bad luck, a name.
      const sameMachine = other.machine !== undefined && other.machine === here.machine && other.host === here.host;
      return sameMachine ? 'gone' : 'unknown';
    }
    if (other.namespace !== here.namespace) return 'unknown';
  } else if (other.host !== here.host) return 'unknown';
  if (!lookup.isRunning(other.pid)) return 'gone';
  const began = lookup.whenBegan(other.pid);
  // This process itself knows whether it was this one: it would have said when it began.
  if (other.began === undefined) return other.pid === here.pid ? 'gone' : 'running';
  return began === undefined || began === other.began ? 'running' : 'gone';
}

/** Where this process runs. */
export function thisPlace(): ProcessPlace {
  return {
    host: hostname(),
    ...optional('boot', readText('/proc/sys/kernel/random/boot_id')),
    ...optional('machine', readText('/etc/machine-id') || undefined),
    ...optional('namespace', readLink('/proc/self/ns/pid')),
  };
}

/** This process. */
export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, ...thisPlace(), ...optional('began', whenBegan(process.pid)) };
}

/** The processes whose numbers count here. */
export const systemLookup: ProcessLookup = { isRunning, whenBegan };

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function whenBegan(pid: number): string | undefined {
  if (process.platform === 'linux') {
    const stat = readText(`/proc/${pid}/stat`);
    // The name in parentheses may hold anything; the start is the 20th field after it.
    return stat === undefined ? undefined : stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  }
  const [program, given] =
    process.platform === 'win32'
      ? ['powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`]]
      : ['ps', ['-o', 'lstart=', '-p', String(pid)]];
  try {
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
    return (
      execFileSync(program as string, given as string[], { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] }).trim() || undefined
    );
  } catch {
    return undefined; // the program is missing or refuses: then only the number counts
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined; // not this system, or a process that is gone
  }
}

function readLink(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined; // not this system
  }
}

function optional<K extends string>(key: K, value: string | undefined): { readonly [k in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [k in K]?: string };
}
