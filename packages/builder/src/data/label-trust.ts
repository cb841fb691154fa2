import type { TrainingRow } from '@nnm/predictor';
import type { LabelledConfig } from '../workspace/index.ts';

/** How far a label can be trusted, in the words of training. */
export function labelTrust({
  repeatabilityMs,
  flags = [],
}: Pick<LabelledConfig, 'repeatabilityMs' | 'flags'>): Pick<TrainingRow, 'spreadMs' | 'flagged' | 'corrected'> {
  return {
    ...(repeatabilityMs !== undefined && { spreadMs: repeatabilityMs }),
    ...(flags.length > 0 && { flagged: true }),
    ...(flags.includes('corrected') && { corrected: true }),
  };
}
