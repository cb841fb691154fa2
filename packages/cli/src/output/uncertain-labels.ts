import type { KernelBuild, LabelledSample, PipelineEvent } from '@nnm/builder';
import { median } from '@nnm/core';
import { countOf, formatDuration, formatShare } from './quantities.ts';

/** A label counts once two visits agree. */
const VISITS = 2;

/** How uncertain the flagged labels of a build are, and what measuring them again would take. */
export class UncertainLabels {
  private visits = 0;
  private visitsMs = 0;

  /** Learns from the runs of a build how long a visit takes. */
  readonly onEvent = (event: PipelineEvent): void => {
    if (event.type !== 'profile' || event.event.type !== 'finished') return;
    const { cost, counts } = event.event.summary;
    this.visits += counts.visits;
    this.visitsMs += cost.loadMs + cost.warmupMs + cost.timedMs + cost.probeMs;
  };

  /**
   * A sentence or two; empty where no label is flagged.
   *
   * @param settleCommand - what measures them again
   */
  describe(builds: readonly Pick<KernelBuild, 'samples' | 'holdout'>[], settleCommand: string): string {
    const labelled = builds.flatMap(({ samples, holdout }) => [...samples, ...holdout]).filter((sample) => sample.status === 'ok');
    const flagged = labelled.filter(({ flags }) => flags.length > 0);
    if (flagged.length === 0) return '';
    const certain = labelled.filter(({ flags }) => flags.length === 0);
    const share = formatShare(flagged.length / labelled.length);
    const count = `${flagged.length} of ${countOf(labelled.length, 'label')} (${share})`;
    const [uncertainty, others] = [describeUncertainty(flagged), describeUncertainty(certain)];
    const known = uncertainty && ` They are off by ${uncertainty}${others && `, the others by ${others}`}, as far as their visits tell.`;
    const quiet =
      this.visits === 0
        ? ''
        : `, which takes about ${formatDuration(Math.max(1000, (flagged.length * VISITS * this.visitsMs) / this.visits))} of quiet`;
    return `Uncertain: ${count}.${known} \`${settleCommand}\` measures them again when the machine is quiet${quiet}.`;
  }
}

/** Median standard deviation of latencies in percent; empty where none is known. */
function describeUncertainty(samples: readonly LabelledSample[]): string {
  const spreads = samples.flatMap(({ repeatabilityMs, latencyMs }) => (repeatabilityMs === undefined ? [] : repeatabilityMs / latencyMs));
  return spreads.length === 0 ? '' : formatShare(median(spreads));
}
