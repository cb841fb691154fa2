import { type ChildEnd, ChildProgram } from '@nnm/profiler/child-program';
import { CLOSED_READER_EXIT_CODE, isClosedReader, surviveClosedStderr } from './closed-reader.ts';
import {
  type ForeignStep,
  isSupervised,
  loadLimitMs,
  type ProgramMessage,
  SUPERVISED_VARIABLE,
  type SupervisorMessage,
} from './messages.ts';
import { likelyUserFolders, needsSupervision } from './needs-supervision.ts';
import { SilenceDetector } from './silence.ts';

/** How long a process that is asked whether it is alive may take to answer. */
const ANSWER_LIMIT_MS = 5000;

/**
 * Run the program in a child process and watch over it, where code that is not nnm's own may run: such code can then neither lie about how
 * the program ended nor keep it from ending. Elsewhere there is nothing to watch, and the program runs in this process.
 *
 * @returns true when the program has run in a child process
 */
export async function superviseForeignCode(program: string): Promise<boolean> {
  if (isSupervised() || !needsSupervision(process.argv.slice(2), process.cwd(), likelyUserFolders())) return false;
  await supervise(program);
  return true;
}

/**
 * Run the program in a child process and watch over it, so that code of others can neither lie about how it ended nor keep it from ending.
 *
 * The child's word counts: its JSON document is the only thing that reaches stdout with `--json`, and without its last word the command has
 * failed, whatever its exit code. Ctrl-C stops it, by force when it does not answer; so does an import that keeps it busy for too long, and
 * silence after a time that the child itself has named.
 *
 * @param program - the file to run
 */
async function supervise(program: string): Promise<void> {
  surviveClosedStderr();
  const argv = process.argv.slice(2);
  const isJson = asksForJson(argv);
  const watch = new Watch();
  const other = isJson ? new OtherOutput(watch) : undefined;
  const end = await new Promise<ChildEnd>((resolve) => {
    const child = new ChildProgram(
      { file: program, execArgv: process.execArgv },
      { message: (message) => watch.hear(message as ProgramMessage), end: (_, how) => resolve(how) },
      { visible: { argv, env: { ...process.env, [SUPERVISED_VARIABLE]: '1' }, ...(other && { onOutput: other.take }) } },
    );
    watch.begin(child);
  });

  const failure = await watch.explainEnd(end);
  const text = other?.rest();
  if (failure !== undefined) {
    const { renderError, reportError } = await import('../output/describe-error.ts');
    const { exitCode: code, ...error } = reportError(failure);
    if (isJson && !text) await deliver(`${JSON.stringify({ error }, null, 2)}\n`, code);
    else {
      if (text) await deliver(text, code);
      const { paintFor } = await import('../output/paint.ts');
      process.stderr.write(`${renderError(failure, argv.includes('--verbose'), paintFor(process.stderr))}\n`);
      process.exitCode = code;
    }
  } else await deliver(watch.document ?? text ?? '', watch.exitCode ?? end.exitCode ?? 1);
  process.exit();
}

/** True when `--json` stands before `--`, or the environment asks for it, as oclif understands it. */
function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).includes('--json') || process.env.NNM_CONTENT_TYPE?.toLowerCase() === 'json';
}

/** What the child says, and what is done when it says nothing. */
class Watch {
  document: string | undefined;
  exitCode: number | undefined;
  /** A command of nnm runs, and not one of oclif's. */
  isCommand = false;
  private steps: readonly ForeignStep[] = [];
  private readonly loaded = new Set<string>();
  private interrupts = 0;
  private stuck: ForeignStep | undefined;
  private limit: NodeJS.Timeout | undefined;
  private child: ChildProgram | undefined;
  private readonly silence = new SilenceDetector(
    () => this.child?.send({ type: 'ping' } satisfies SupervisorMessage),
    () => this.child?.kill(),
  );

  begin(child: ChildProgram): void {
    this.child = child;
    process.on('SIGINT', this.interrupt);
    process.on('SIGTERM', this.interrupt);
  }

  /** Ctrl-C or SIGTERM: the first asks the child to stop, the second kills it. */
  readonly interrupt = (): void => {
    this.interrupts++;
    if (this.interrupts === 1) this.ask({ type: 'interrupt' });
    else this.child?.kill();
  };

  /** Why the child's end is none that it has announced; undefined when it has. */
  async explainEnd(how: ChildEnd): Promise<unknown> {
    clearTimeout(this.limit);
    this.silence.end();
    if (this.exitCode !== undefined) return undefined;
    const { LoadLimitError, ProgramEndedError, SilentProgramError } = await import('./errors.ts');
    if (this.silence.error !== undefined) return new SilentProgramError(this.silence.error, [...this.loaded]);
    if (this.interrupts > 0) {
      const { AbortedError } = await import('@nnm/core');
      return new AbortedError({ what: 'nnm' });
    }
    if (this.stuck !== undefined) return new LoadLimitError({ step: this.stuck, seconds: loadLimitMs() / 1000 });
    return new ProgramEndedError({ step: this.steps[0], plugins: [...this.loaded], ...how });
  }

  hear(message: ProgramMessage): void {
    this.silence.heard();
    switch (message?.type) {
      case 'command':
        this.isCommand = true;
        break;
      case 'step':
        this.steps = [...this.steps, message.step];
        this.restartLimit();
        break;
      case 'step-done':
        this.steps = this.steps.filter(({ what, name }) => what !== message.step.what || name !== message.step.name);
        if (message.step.what === 'plugin') this.loaded.add(message.step.name);
        this.restartLimit();
        break;
      case 'watch':
        this.silence.add(message.id, message.watch);
        break;
      case 'watch-done':
        this.silence.remove(message.id);
        break;
      case 'document':
        this.document ??= message.text;
        this.exitCode ??= message.exitCode;
        break;
      case 'finished':
        this.exitCode ??= message.exitCode;
        break;
      case 'alive':
        this.stuck = undefined;
        this.child?.stopTime();
    }
  }

  /** An import that waits for ever is given up by the child itself; one that never lets go of the processor, here. */
  private restartLimit(): void {
    clearTimeout(this.limit);
    const step = this.steps[0];
    if (step === undefined) return;
    this.limit = setTimeout(() => {
      this.stuck = step;
      this.ask({ type: 'ping' });
    }, loadLimitMs());
  }

  /** A child that does not answer is killed. */
  private ask(question: SupervisorMessage): void {
    this.child?.limitTime(ANSWER_LIMIT_MS);
    this.child?.send(question);
  }
}

/** What the child writes to stdout beside its document: kept for commands of oclif, shown on stderr for those of nnm. */
class OtherOutput {
  private readonly chunks: Uint8Array[] = [];

  constructor(private readonly watch: Watch) {}

  readonly take = (chunk: Uint8Array): void => {
    this.chunks.push(chunk);
    if (this.watch.isCommand) this.spill();
  };

  /** What is the result itself, because no command of nnm has run. */
  rest(): string | undefined {
    if (!this.watch.isCommand) return this.chunks.length === 0 ? undefined : Buffer.concat(this.chunks).toString();
    this.spill();
    return undefined;
  }

  private spill(): void {
    for (const chunk of this.chunks.splice(0)) process.stderr.write(chunk);
  }
}

/** Write the result to stdout; when it cannot be written, the command has failed, in silence where nobody wants it any more. */
async function deliver(text: string, exitCode: number): Promise<void> {
  process.exitCode = exitCode;
  if (text === '') return;
  const error = await new Promise<NodeJS.ErrnoException | null | undefined>((resolve) => {
    process.stdout.on('error', resolve);
    process.stdout.write(text, resolve);
  });
  if (!error) return;
  if (isClosedReader(error)) {
    process.exitCode = exitCode || CLOSED_READER_EXIT_CODE;
    return;
  }
  const [{ renderError }, { paintFor }] = await Promise.all([import('../output/describe-error.ts'), import('../output/paint.ts')]);
  process.stderr.write(`${renderError(error, false, paintFor(process.stderr))}\n`);
  process.exitCode = exitCode || 1;
}
