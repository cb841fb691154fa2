import type { LiftedModel } from '../lift/lifted-model.ts';
import { type BlockedValues, blockedValues } from './blocked-values.ts';
import { findParts, type Part } from './find-parts.ts';
import type { FusionRules } from './fusion-rules.ts';
import { modelValues } from './model-values.ts';

/** What a runtime runs as one, and where it changes the layout of values, by its rules. */
export interface ModelParts extends Pick<BlockedValues, 'madePlain' | 'madeBlocked'> {
  /** Positions of ops. */
  readonly parts: readonly Part[];
}

/** The parts of a model by rules alone, before kernels are looked for. */
export function modelParts(lifted: LiftedModel, rules: FusionRules): ModelParts {
  const { ops, madePlain, madeBlocked } = blockedValues(lifted, rules);
  return { parts: findParts(lifted, rules, modelValues(lifted), ops), madePlain, madeBlocked };
}
