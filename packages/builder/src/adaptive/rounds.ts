import type { Metrics } from '@nnm/predictor';
import type { KernelBuildSettings } from '../workspace/index.ts';

/** Rounds in a row that bring the hold-out nothing, after which no other follows. */
export const FRUITLESS_ROUNDS = 2;
/** Share by which the hold-out's RMSPE must fall at least to count as better. */
const LOWER_RMSPE = 0.05;

/**
 * Most configurations that one adaptive round measures: half as many as the first round, and at least what one large error asks for.
 * Where labels scatter, large errors do not become fewer, and a round that measured for all of them would double the data each time.
 */
export function roundLimit({
  initSampleNum,
  finegrainedSampleNum,
}: Pick<KernelBuildSettings, 'initSampleNum' | 'finegrainedSampleNum'>): number {
  return Math.max(finegrainedSampleNum, Math.ceil(initSampleNum / 2));
}

/**
 * How many of the latest rounds brought the hold-out nothing: neither more than one row more within ±10 % than any round before, nor an
 * RMSPE that is lower by 5 %.
 *
 * @param grades - of the hold-out, one per round, the first round's first
 */
export function fruitlessRounds(grades: readonly Metrics[]): number {
  let fruitless = 0;
  let acc10 = Number.NEGATIVE_INFINITY;
  let rmspe = Number.POSITIVE_INFINITY;
  for (const grade of grades) {
    const isBetter = grade.acc10 > acc10 + 1.5 / grade.rows || grade.rmspe < rmspe * (1 - LOWER_RMSPE);
    fruitless = isBetter ? 0 : fruitless + 1;
    acc10 = Math.max(acc10, grade.acc10);
    rmspe = Math.min(rmspe, grade.rmspe);
  }
  return fruitless;
}
