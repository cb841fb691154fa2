import type { WorkerDeath } from '../errors.ts';

/** What the operating system said when a process ended, and the end of what it wrote to stderr. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stderr: string;
}

/** Windows reports a crash as an exit code. */
const WINDOWS_CRASHES: Readonly<Record<number, string>> = {
  3221225477: 'an access violation (segmentation fault)',
  3221225725: 'a stack overflow',
  3221226505: 'an abort (fast fail)',
  3221225501: 'an illegal instruction',
};

const SIGNALS: Readonly<Record<string, string>> = {
  SIGSEGV: 'a segmentation fault (SIGSEGV)',
  SIGBUS: 'a bus error (SIGBUS)',
  SIGILL: 'an illegal instruction (SIGILL)',
  SIGFPE: 'an arithmetic error (SIGFPE)',
  SIGABRT: 'an abort (SIGABRT)',
};

/** Put the end of a profiling process that nobody asked to end into words. */
export function describeDeath(end: ProcessEnd): WorkerDeath {
  if (/heap out of memory|Array buffer allocation failed|std::bad_alloc|out of memory/i.test(end.stderr)) {
    return { code: 'ERR_KERNEL_OUT_OF_MEMORY', reason: 'ran out of memory' };
  }
  if (end.signal === 'SIGKILL') {
    return { code: 'ERR_KERNEL_KILLED', reason: 'was killed (SIGKILL), by the system because memory ran out or by someone' };
  }
  const crash = end.signal !== null ? (SIGNALS[end.signal] ?? end.signal) : WINDOWS_CRASHES[end.exitCode ?? 0];
  const said = lastLine(end.stderr);
  const tail = said === '' ? '' : `, saying "${said}"`;
  if (crash !== undefined) return { code: 'ERR_KERNEL_CRASHED', reason: `crashed with ${crash}${tail}` };
  return { code: 'ERR_KERNEL_CRASHED', reason: `ended by itself with exit code ${end.exitCode ?? 'unknown'}${tail}` };
}

/** The last line that says something: not a stack frame, not Node's version. */
function lastLine(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('at ') && !/^Node\.js v|^[-\d]+:? ?0x|^----- |^\d+: /.test(line));
  return (lines.at(-1) ?? '').slice(0, 200);
}
