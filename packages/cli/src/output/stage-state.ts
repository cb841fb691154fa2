import type { PipelineEvent } from '@nnm/builder';
import type { ProfileEvent } from '@nnm/profiler';
import { formatDuration, formatShare } from './quantities.ts';
import { TimeLeft } from './time-left.ts';

type ProgressEvent = Extract<ProfileEvent, { type: 'progress' }>;

/** Less time left than this says nothing. */
const LEAST_MS = 500;

/** What is shown of a build while it measures: which kernel of how many, and what is known so far. */
export class StageState {
  private kernel = '';
  private mark = '';
  private failed = 0;
  private flagged = 0;
  private runs = 0;
  private acceptedRuns = 0;
  private quietShare = Number.NaN;
  private left = new TimeLeft();
  private accuracy: number | undefined;
  private readonly all = new TimeLeft();
  /** Kernels that were measured, and the time each took. */
  private readonly tookMs: number[] = [];
  private beganMs = 0;
  private hasMeasured = false;
  private readonly said = new Set<string>();

  /**
   * @param kernels - all that will be built, in their order; undefined for other work
   * @param now - milliseconds of a clock that does not go back
   * @param budgetLeftMs - what is left of the time budget, if there is one
   */
  constructor(
    private readonly kernels: readonly string[] | undefined,
    private readonly now: () => number,
    private readonly budgetLeftMs: () => number = () => Number.POSITIVE_INFINITY,
  ) {}

  /** `conv-bn-relu prior`, and where there are several: `(kernel 2 of 16)`. */
  get title(): string {
    const of = this.position;
    return of === undefined ? `${this.kernel} ${this.mark}` : `${this.kernel} ${this.mark} (kernel ${of.place} of ${of.count})`;
  }

  private get position(): { readonly place: number; readonly count: number } | undefined {
    const { kernels = [] } = this;
    const place = kernels.indexOf(this.kernel) + 1;
    return kernels.length > 1 && place > 0 ? { place, count: kernels.length } : undefined;
  }

  /** Take an event in. */
  add(event: PipelineEvent): void {
    if (event.type === 'stage') this.begin(event);
    else if (event.type === 'graded') this.accuracy = (event.holdout ?? event.validation).acc10;
    else if (event.type === 'profile') this.addProfile(event.event);
  }

  private begin({ stage, kernel, mark }: Extract<PipelineEvent, { type: 'stage' }>): void {
    if (kernel !== this.kernel && (this.kernels === undefined || this.kernels.includes(kernel))) {
      if (this.hasMeasured) this.tookMs.push(this.now() - this.beganMs);
      this.beganMs = this.now();
      this.hasMeasured = false;
      this.accuracy = undefined;
    }
    if (stage !== 'profile') return;
    Object.assign(this, {
      kernel,
      mark,
      failed: 0,
      flagged: 0,
      runs: 0,
      acceptedRuns: 0,
      quietShare: Number.NaN,
      left: new TimeLeft(),
    });
  }

  private addProfile(event: ProfileEvent): void {
    if (event.type === 'visit') this.hasMeasured = true;
    if (event.type === 'progress') this.addProgress(event);
    if (event.type !== 'record' || event.revised) return;
    const { record } = event;
    if (record.status === 'failed') this.failed++;
    else {
      this.runs += record.stats.runs;
      this.acceptedRuns += record.stats.acceptedRuns;
      if (record.flags.length > 0) this.flagged++;
    }
  }

  private addProgress({ leftMs, quietShare }: ProgressEvent): void {
    this.quietShare = quietShare;
    if (leftMs === undefined) return;
    const budgetMs = Math.max(0, this.budgetLeftMs());
    this.left.add(Math.min(leftMs, budgetMs), this.now());
    const { position, tookMs } = this;
    if (position === undefined || tookMs.length === 0) return;
    const eachMs = tookMs.reduce((sum, ms) => sum + ms, 0) / tookMs.length;
    this.all.add(Math.min(leftMs + eachMs * (position.count - position.place), budgetMs), this.now());
  }

  /** Notes of a session, such as damaged lines of its journal, that have not been shown yet. */
  newNotes(event: PipelineEvent): readonly string[] {
    if (event.type !== 'profile' || event.event.type !== 'started') return [];
    const { kernel } = event;
    const fresh = event.event.notes.filter((note) => !this.said.has(note));
    for (const note of fresh) this.said.add(note);
    return fresh.map((note) => `${kernel}: ${note}`);
  }

  /** What is known so far, in a few words. */
  get remark(): string {
    const { left, all } = this;
    return [
      ...(left.leftMs === undefined || left.leftMs < LEAST_MS ? [] : [`${describeLeft(left)} left`]),
      ...(all.leftMs === undefined || all.leftMs < LEAST_MS ? [] : [`${describeLeft(all)} in all`]),
      ...(this.failed > 0 ? [`${this.failed} failed`] : []),
      ...(this.flagged > 0 ? [`${this.flagged} flagged`] : []),
      ...(this.runs > 0 ? [`accepted ${formatShare(this.acceptedRuns / this.runs)}`] : []),
      ...(Number.isFinite(this.quietShare) ? [`quiet ${formatShare(this.quietShare)}`] : []),
      ...(this.accuracy === undefined ? [] : [`within ±10 %: ${formatShare(this.accuracy)}`]),
    ].join(', ');
  }
}

function describeLeft({ leftMs = 0, isLowerBound }: TimeLeft): string {
  return `${isLowerBound ? 'more than' : 'about'} ${formatDuration(leftMs)}`;
}
