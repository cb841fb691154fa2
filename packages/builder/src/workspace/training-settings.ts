import { NnmError, type Registry } from '@nnm/core';
import { DEFAULT_TRAINING, findPreset, findRegressor, TARGET_IDS } from '@nnm/predictor';

/** The `TRAINING` section: a preset or a regressor with its options. */
export interface TrainingSettings {
  readonly preset?: string;
  readonly regressor?: string;
  readonly target?: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** A problem of one key of a `TRAINING` section. */
export interface TrainingProblem {
  readonly key: 'PRESET' | 'REGRESSOR' | 'TARGET' | 'OPTIONS';
  readonly message: string;
}

/** What is wrong with a `TRAINING` section, found before hours of measuring instead of after: unknown names and bad options. */
export function trainingProblems({ preset, regressor, target, options }: TrainingSettings, registry: Registry): readonly TrainingProblem[] {
  const problems: TrainingProblem[] = [];
  const attempt = <T>(key: TrainingProblem['key'], check: () => T): T | undefined => {
    try {
      return check();
    } catch (error) {
      if (!NnmError.isInstance(error)) throw error;
      problems.push({ key, message: [error.message, error.hint].filter((text) => text !== undefined).join(' ') });
      return undefined;
    }
  };
  const base = preset === undefined ? undefined : attempt('PRESET', () => findPreset(preset));
  const id = regressor ?? base?.regressor ?? DEFAULT_TRAINING.regressor;
  const chosen = attempt('REGRESSOR', () => findRegressor(id, registry));
  if (target !== undefined && !(TARGET_IDS as readonly string[]).includes(target)) {
    problems.push({ key: 'TARGET', message: `must be ${TARGET_IDS.join(' or ')}, got "${target}"` });
  }
  if (chosen !== undefined && options !== undefined) attempt('OPTIONS', () => chosen.parseOptions(options));
  return problems;
}
