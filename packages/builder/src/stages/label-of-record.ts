import type { LatencyStats, ProfiledRecord } from '@nnm/profiler';
import type { LabelledSample } from './records.ts';

/** What a record says of its kernel: the latency, and how far it can be trusted where that is known. */
export type Label = Pick<LabelledSample, 'status' | 'latencyMs' | 'spreadMs' | 'repeatabilityMs' | 'stats' | 'flags'>;

/**
 * The label that a journal's record gives: corrected, where it was made without a quiet moment and others of its run tell what it suffered.
 *
 * Earlier versions wrote a spread of 0 where one visit, or one slice, told of none. Such a record has flags or a single visit; two visits
 * that agree to the last bit leave a true 0.
 */
export function labelOf({ stats: recorded, flags, correction }: ProfiledRecord): Label {
  const toldNothing = flags.length > 0 || recorded.visits < 2;
  const isKnown = (value: number | undefined | null): value is number => typeof value === 'number' && (value > 0 || !toldNothing);
  const { spreadMs, repeatabilityMs, stdMs, ...rest } = recorded;
  const known = {
    ...(isKnown(spreadMs) && { spreadMs }),
    ...(isKnown(repeatabilityMs) && { repeatabilityMs }),
    ...(correction && { repeatabilityMs: correction.repeatabilityMs }),
  };
  const stats: LatencyStats = {
    ...rest,
    ...(correction && { latencyMs: correction.latencyMs }),
    ...known,
    ...(isKnown(stdMs) && { stdMs }),
  };
  return { status: 'ok', latencyMs: stats.latencyMs, ...known, stats, flags };
}
