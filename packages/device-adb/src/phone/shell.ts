/** Text as one word of a shell. */
export function quote(text: string): string {
  return /^[\w/.:=,+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

const MARK = '@nnm';
/** What a script says last: output without it was cut off. */
const DONE = `${MARK} done`;

/** A program that was run by a script. */
export interface ProgramRun {
  /** Both of its outputs. */
  readonly output: string;
  /** Its exit status; 128 and more for a signal. Undefined when it was never heard of again. */
  readonly status: number | undefined;
}

/**
 * A script that runs programs one after the other, until one fails, and then the lines of `then`. Statuses come as text, since a phone
 * before Android 7 hands none on.
 */
export function scriptOf(programs: readonly (readonly string[])[], then: readonly string[] = []): string {
  const run = `r() { echo '${MARK} begin'; sh -c 'echo "${MARK} pid $$"; exec "$@"' r "$@" 2>&1; s=$?; echo; echo "${MARK} end $s"; return $s; }`;
  const calls = programs.map((words) => `r ${words.map(quote).join(' ')}`).join(' && ');
  return [...(programs.length > 0 ? [run, calls] : []), ...then, `echo '${DONE}'`].join('\n');
}

/** True when a script came to its end. */
export const isWhole = (output: string): boolean => output.split('\n').includes(DONE);

/** What the programs of a script printed, in order; those that were not reached are missing. */
export function programsOf(output: string): readonly ProgramRun[] {
  return output
    .split(`${MARK} begin\n`)
    .slice(1)
    .map((text) => {
      const end = /^@nnm end (\d+)$/m.exec(text);
      const body = end === null ? text : text.slice(0, end.index);
      return { output: body.replace(/^@nnm pid \d+\n/, ''), status: end === null ? undefined : Number(end[1]) };
    });
}

/** The process of the program that a script is running; undefined when it runs none. */
export function runningPid(output: string): number | undefined {
  const last = output.split(`${MARK} begin\n`).at(-1)!;
  const pid = /^@nnm pid (\d+)$/m.exec(last)?.[1];
  return pid === undefined || /^@nnm end /m.test(last) ? undefined : Number(pid);
}

/** A line for a script that says a value, which {@link saidValues} finds. */
export const say = (name: string, command: string): string => `echo "${MARK} is ${name}=$(${command})"`;

/** The values that a script said; those that are empty are missing. */
export function saidValues(output: string): Readonly<Record<string, string>> {
  const found = [...output.matchAll(/^@nnm is ([\w.]+)=(.*)$/gm)].map(([, name, value]) => [name!, value!.trim()] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== ''));
}

const SIGNALS: Readonly<Record<number, string>> = {
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  15: 'SIGTERM',
};

/** The signal that a status stands for; undefined when the program ended by itself. */
export function signalOf(status: number): string | undefined {
  return status > 128 && status < 193 ? (SIGNALS[status - 128] ?? `signal ${status - 128}`) : undefined;
}
