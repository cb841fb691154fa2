import type { PipelineEvent, Stage } from '@nnm/builder';
import { runToEnd } from '@nnm/core';
import { describeFailures, type ProfileEvent } from '@nnm/profiler';
import type { SingleBar } from 'cli-progress';
import { paintFor } from './paint.ts';
import { countOf, formatDuration, formatShare } from './quantities.ts';

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

/** A moving bar on a terminal, sparse lines elsewhere. */
export async function openProgress(stream: ProgressStream, now: () => number = () => performance.now()): Promise<Progress> {
  if (!stream.isTTY) return new PlainProgress(stream, now);
  const { default: cliProgress } = await import('cli-progress');
  const bar = new cliProgress.SingleBar({
    stream,
    format: '{title} {bar} {value}/{total}  {remark}',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    linewrap: false,
    etaBuffer: 1,
  });
  return new BarProgress(bar, stream);
}

/**
 * Run a stage and show its progress on stderr.
 *
 */
export async function followStage<T>(stage: Stage<T>, { quiet, onEvent }: FollowOptions): Promise<T> {
  const followed = onEvent === undefined ? stage : tellBeforehand(stage, onEvent);
  if (quiet) return runToEnd(followed);
  const progress = await openProgress(process.stderr);
  try {
    return await runToEnd(followed, (event) => progress.handle(event));
  } finally {
    progress.stop();
  }
}

/** How a stage is followed. */
export interface FollowOptions {
  /** Show nothing, for `--json`. */
  readonly quiet: boolean;
  /** The kernels that are built, in their order: how many there are in all. */
  readonly kernels?: readonly string[];
  /** Told every event before the stage goes on: nothing is measured meanwhile. */
  readonly onEvent?: ((event: PipelineEvent) => void | Promise<void>) | undefined;
}

async function* tellBeforehand<T>(stage: Stage<T>, tell: NonNullable<FollowOptions['onEvent']>): Stage<T> {
  for (;;) {
    const { done, value } = await stage.next();
    if (done) return value;
    await tell(value);
    yield value;
  }
}

/** What is shown of one measuring stage. */
class StageState {
  title = '';
  failed = 0;
  flagged = 0;
  private readonly said = new Set<string>();

  begin(kernel: string, mark: string): void {
    this.title = `${kernel} ${mark}`;
    this.failed = 0;
    this.flagged = 0;
  }

  add(event: ProfileEvent): void {
    if (event.type !== 'record' || event.revised) return;
    if (event.record.status === 'failed') this.failed++;
    else if (event.record.flags.length > 0) this.flagged++;
  }

  /** Notes of a session, such as damaged lines of its journal, that have not been shown yet. */
  newNotes(event: PipelineEvent): readonly string[] {
    if (event.type !== 'profile' || event.event.type !== 'started') return [];
    const { kernel } = event;
    const fresh = event.event.notes.filter((note) => !this.said.has(note));
    for (const note of fresh) this.said.add(note);
    return fresh.map((note) => `${kernel}: ${note}`);
  }

  remark({ quietShare, leftMs }: Extract<ProfileEvent, { type: 'progress' }>): string {
    return [
      ...(this.failed > 0 ? [`${this.failed} failed`] : []),
      ...(this.flagged > 0 ? [`${this.flagged} flagged`] : []),
      ...(Number.isFinite(quietShare) ? [`quiet ${formatShare(quietShare)}`] : []),
      ...(leftMs === undefined ? [] : [`about ${formatDuration(leftMs)} left`]),
    ].join(', ');
  }
}

/** One line per event that matters, or undefined. */
export function describeEvent(event: PipelineEvent): string | undefined {
  switch (event.type) {
    case 'sampled':
      return `${event.kernel} ${event.mark}: ${countOf(event.got, 'configuration')} chosen`;
    case 'graded': {
      const { validation, holdout, explainedErrors } = event;
      const explained = explainedErrors > 0 ? `, and ${explainedErrors} that the labels' own scatter explains` : '';
      const unseen = holdout === undefined ? '' : `, hold-out within ±10 %: ${formatShare(holdout.acc10)}`;
      return `${event.kernel} ${event.mark}: trained on ${countOf(event.rows, 'row')}; validation within ±10 %: ${formatShare(validation.acc10)}${unseen}; ${countOf(event.largeErrors, 'large error')}${explained}`;
    }
    case 'predictor':
      return `${event.family}: predictor of ${countOf(event.rows, 'row')} finished`;
    case 'note':
    case 'rounds-ended':
      return event.message;
    case 'profile':
      return describeProfileEvent(event.kernel, event.event);
    default:
      return undefined;
  }
}

function describeProfileEvent(kernel: string, event: ProfileEvent): string | undefined {
  switch (event.type) {
    case 'started':
      return event.resumed > 0
        ? `${kernel}: ${event.resumed} of ${countOf(event.jobs, 'kernel')} are in the journal already; carrying on`
        : undefined;
    case 'settle':
      return `${kernel}: the machine is quiet; ${countOf(event.flagged, 'flagged kernel')} to be measured again`;
    case 'retry':
      return `${kernel} ${event.id}: ${event.reason}; tried again later`;
    case 'finished': {
      const { drift, unmeasured, records } = event.summary;
      const failed = describeFailures(records.filter((record) => record.status === 'failed'));
      const left =
        unmeasured.length === 0 ? '' : ` The time budget ended before ${countOf(unmeasured.length, 'configuration')} could be measured.`;
      return `${kernel}: ${drift.text}${left}${failed && ` ${failed}`}`;
    }
    default:
      return undefined;
  }
}

class PlainProgress implements Progress {
  private readonly stage = new StageState();
  private lastLineMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly stream: ProgressStream,
    private readonly now: () => number,
  ) {}

  handle(event: PipelineEvent): void {
    const line = describeEvent(event);
    if (line !== undefined) this.write(line);
    for (const note of this.stage.newNotes(event)) this.write(note);
    if (event.type === 'stage' && event.stage === 'profile') {
      this.stage.begin(event.kernel, event.mark);
      this.lastLineMs = this.now();
    }
    if (event.type !== 'profile') return;
    this.stage.add(event.event);
    if (event.event.type === 'progress' && this.now() - this.lastLineMs >= LINE_INTERVAL_MS) {
      this.lastLineMs = this.now();
      this.write(`${this.stage.title}: measured ${event.event.done} of ${event.event.jobs}; ${this.stage.remark(event.event)}`);
    }
  }

  stop(): void {
    this.lastLineMs = Number.POSITIVE_INFINITY;
  }

  private write(line: string): void {
    this.stream.write(`${line}\n`);
  }
}

class BarProgress implements Progress {
  private readonly stage = new StageState();
  private shown: { total: number; done: number; remark: string } | undefined;

  constructor(
    private readonly bar: SingleBar,
    private readonly stream: ProgressStream,
  ) {}

  handle(event: PipelineEvent): void {
    if (event.type === 'profile' && event.event.type === 'finished') this.stop();
    const line = describeEvent(event);
    if (line !== undefined) this.write(line);
    for (const note of this.stage.newNotes(event)) this.write(note);
    if (event.type === 'stage' && event.stage === 'profile') this.stage.begin(event.kernel, event.mark);
    if (event.type === 'profile') this.draw(event.event);
  }

  stop(): void {
    if (this.shown !== undefined) this.bar.stop();
    this.shown = undefined;
  }

  private draw(event: ProfileEvent): void {
    this.stage.add(event);
    if (event.type === 'started') this.start({ total: event.jobs, done: event.resumed, remark: '' });
    else if (event.type === 'progress') this.update({ done: event.done, remark: this.stage.remark(event) });
  }

  private start(shown: NonNullable<BarProgress['shown']>): void {
    this.shown = shown;
    this.bar.start(shown.total, shown.done, { title: this.stage.title, remark: shown.remark });
  }

  private update(change: { readonly done?: number; readonly remark: string }): void {
    if (this.shown === undefined) return;
    this.shown = { ...this.shown, ...change };
    this.bar.update(this.shown.done, { remark: this.shown.remark });
  }

  /** A line above the bar, which is taken away meanwhile: at its end it puts the cursor back to where it began. */
  private write(line: string): void {
    const { shown } = this;
    this.stop();
    this.stream.write(`${paintFor(this.stream).dim(line)}\n`);
    if (shown !== undefined) this.start(shown);
  }
}
