import type { PipelineEvent, Stage } from '@nnm/builder';
import { runToEnd } from '@nnm/core';
import type { ProfileEvent } from '@nnm/profiler';
import type { SingleBar } from 'cli-progress';
import { describeEvent } from './describe-event.ts';
import { legible } from './legible.ts';
import { paintFor } from './paint.ts';
import { StageState } from './stage-state.ts';

/** Shows the events of a build as it goes. */
export interface Progress {
  handle(event: PipelineEvent): void;
  /** Leave the terminal as it was found; call it whatever happens. */
  stop(): void;
}

/** A stream that progress is written to, such as stderr. */
export type ProgressStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** Lines of a plain log are at least this far apart within one stage. */
const LINE_INTERVAL_MS = 15_000;

/** Where progress is shown, and of what. */
interface ProgressOptions {
  /** The kernels that are built, in their order: how many there are in all. */
  readonly kernels?: readonly string[] | undefined;
  /** Milliseconds of a clock that does not go back. */
  readonly now?: () => number;
  /** Milliseconds that are left of the time budget, if there is one. */
  readonly timeLeftMs?: (() => number) | undefined;
}

/** True for a terminal on which a line can be drawn again. */
export function canRedraw(stream: ProgressStream, env: NodeJS.ProcessEnv = process.env): boolean {
  return Boolean(stream.isTTY) && env.TERM !== 'dumb';
}

/** A moving bar on a terminal, sparse lines elsewhere. */
export async function openProgress(
  stream: ProgressStream,
  { kernels, timeLeftMs, now = () => performance.now() }: ProgressOptions = {},
): Promise<Progress> {
  const state = new StageState(kernels, now, timeLeftMs);
  if (!canRedraw(stream)) return new PlainProgress(stream, state, now);
  const { default: cliProgress } = await import('cli-progress');
  const bar = new cliProgress.SingleBar({
    stream,
    format: '{title} {bar} {value}/{total}  {remark}',
    barsize: 20,
    hideCursor: true,
    clearOnComplete: true,
    linewrap: false,
    etaBuffer: 1,
  });
  return new BarProgress(bar, stream, state);
}

/** How a stage is followed. */
export interface FollowOptions extends Pick<ProgressOptions, 'kernels' | 'timeLeftMs'> {
  /** Show nothing. */
  readonly quiet: boolean;
  /** Told every event before the stage goes on: nothing is measured meanwhile. */
  readonly onEvent?: ((event: PipelineEvent) => void | Promise<void>) | undefined;
}

/** Run a stage and show its progress on stderr. */
export async function followStage<T>(stage: Stage<T>, { quiet, onEvent, ...options }: FollowOptions): Promise<T> {
  const followed = onEvent === undefined ? stage : tellBeforehand(stage, onEvent);
  if (quiet) return runToEnd(followed);
  const progress = await openProgress(process.stderr, options);
  try {
    return await runToEnd(followed, (event) => progress.handle(event));
  } finally {
    progress.stop();
  }
}

async function* tellBeforehand<T>(stage: Stage<T>, tell: NonNullable<FollowOptions['onEvent']>): Stage<T> {
  for (;;) {
    const { done, value } = await stage.next();
    if (done) return value;
    await tell(value);
    yield value;
  }
}

class PlainProgress implements Progress {
  private lastLineMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly stream: ProgressStream,
    private readonly state: StageState,
    private readonly now: () => number,
  ) {}

  handle(event: PipelineEvent): void {
    const line = describeEvent(event);
    if (line !== undefined) this.write(line);
    for (const note of this.state.newNotes(event)) this.write(note);
    this.state.add(event);
    if (event.type === 'stage' && event.stage === 'profile') this.lastLineMs = this.now();
    if (event.type !== 'profile' || event.event.type !== 'progress' || this.now() - this.lastLineMs < LINE_INTERVAL_MS) return;
    this.lastLineMs = this.now();
    const { done, jobs } = event.event;
    this.write(`${this.state.title}: measured ${done} of ${jobs}; ${this.state.remark}`);
  }

  stop(): void {
    this.lastLineMs = Number.POSITIVE_INFINITY;
  }

  private write(line: string): void {
    this.stream.write(`${legible(line)}\n`);
  }
}

class BarProgress implements Progress {
  private shown: { total: number; done: number } | undefined;

  constructor(
    private readonly bar: SingleBar,
    private readonly stream: ProgressStream,
    private readonly state: StageState,
  ) {}

  handle(event: PipelineEvent): void {
    if (event.type === 'profile' && event.event.type === 'finished') this.stop();
    const line = describeEvent(event);
    if (line !== undefined) this.write(line);
    for (const note of this.state.newNotes(event)) this.write(note);
    this.state.add(event);
    if (event.type === 'profile') this.draw(event.event);
  }

  stop(): void {
    if (this.shown !== undefined) this.bar.stop();
    this.shown = undefined;
  }

  private draw(event: ProfileEvent): void {
    if (event.type === 'started') this.start({ total: event.jobs, done: event.resumed });
    else if (event.type === 'progress' && this.shown !== undefined) {
      this.shown = { ...this.shown, done: event.done };
      this.bar.update(event.done, { remark: legible(this.state.remark) });
    }
  }

  private start(shown: NonNullable<BarProgress['shown']>): void {
    this.shown = shown;
    this.bar.start(shown.total, shown.done, { title: legible(this.state.title), remark: legible(this.state.remark) });
  }

  /** A line above the bar, which is taken away meanwhile: at its end it puts the cursor back to where it began. */
  private write(line: string): void {
    const { shown } = this;
    this.stop();
    this.stream.write(`${paintFor(this.stream).dim(legible(line))}\n`);
    if (shown !== undefined) this.start(shown);
  }
}
