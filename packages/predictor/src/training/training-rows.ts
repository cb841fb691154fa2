import { NnmError } from '@nnm/core';

/** One measured configuration. */
export interface TrainingRow {
  /** Record id; unique within its kernel. */
  readonly id: string;
  /** Kernel type it was measured as: kernels of a family are trained together. */
  readonly kernel: string;
  /** One number per feature name. */
  readonly features: readonly number[];
  readonly latencyMs: number;
  /** Standard deviation of `latencyMs` between repeated measurements, where known. */
  readonly spreadMs?: number;
  /** The measurement is less certain than was asked for: the row counts little and grades nothing. Default false. */
  readonly flagged?: boolean;
  /** Flagged, but corrected for what made it uncertain: `spreadMs` says how far off it may be, and the row counts by that. Default false. */
  readonly corrected?: boolean;
}

/** Something about the rows that the user should know. Only rows of the kinds that say so were left out. */
export interface TrainingProblem {
  readonly kind: 'invalid-latency' | 'invalid-features' | 'repeated-row' | 'repeated-id' | 'conflicting-latencies' | 'constant-feature';
  /** A full sentence with counts and examples. */
  readonly message: string;
  /** Ids of the rows concerned, as `<kernel>/<id>`. */
  readonly ids: readonly string[];
  /** True when these rows were left out of the training. */
  readonly excluded: boolean;
}

/** Rows fit for training, and what was wrong with the others. */
export interface CheckedRows {
  readonly rows: readonly TrainingRow[];
  readonly problems: readonly TrainingProblem[];
}

/** Fewest valid rows a predictor is trained on. */
export const MIN_TRAINING_ROWS = 5;

/** Relative difference of two latencies of the same configuration from which they contradict each other. */
const CONFLICT = 0.1;
const SHOWN = 5;

/** There are not enough valid rows to train a predictor. */
export class TooFewRowsError extends NnmError {
  constructor(details: { kernelType: string; rows: number; needed: number; problems: readonly TrainingProblem[] }) {
    const excluded = details.problems.filter((problem) => problem.excluded).map(({ message }) => ` ${message}`);
    super({
      code: 'ERR_TOO_FEW_ROWS',
      message: `A predictor for ${details.kernelType} needs at least ${details.needed} measured configurations; there are ${details.rows}.${excluded.join('')}`,
      hint: 'Measure more configurations, or look at why measurements failed.',
      details: { ...details, problems: details.problems.map(({ kind, message, ids }) => ({ kind, message, ids })) },
    });
  }
}

/** How a row is named in problems and reports. */
export function rowName(row: Pick<TrainingRow, 'kernel' | 'id'>): string {
  return `${row.kernel}/${row.id}`;
}

/**
 * Sort out rows that cannot be learned from, and say what is odd about the others. Nothing is left out without a problem that names it.
 *
 * @param fixedFeatures - features whose sameness is not worth a word
 */
export function checkTrainingRows(
  rows: readonly TrainingRow[],
  featureNames: readonly string[],
  fixedFeatures: readonly string[] = [],
): CheckedRows {
  const problems: TrainingProblem[] = [];
  const report = (
    kind: TrainingProblem['kind'],
    found: readonly TrainingRow[],
    excluded: boolean,
    say: (examples: string) => string,
  ): void => {
    if (found.length === 0) return;
    problems.push({ kind, message: say(listExamples(found)), ids: found.map(rowName), excluded });
  };
  const badLatency = rows.filter(({ latencyMs }) => !(latencyMs > 0 && Number.isFinite(latencyMs)));
  report('invalid-latency', badLatency, true, (examples) => {
    const values = badLatency.slice(0, SHOWN).map(({ latencyMs }) => String(latencyMs));
    return `${counted(badLatency.length, 'row')} left out because the latency is not a positive number: ${examples} (${values.join(', ')} ms).`;
  });
  const timed = rows.filter(({ latencyMs }) => latencyMs > 0 && Number.isFinite(latencyMs));
  const isWhole = ({ features }: TrainingRow): boolean => features.length === featureNames.length && features.every(Number.isFinite);
  const badFeatures = timed.filter((row) => !isWhole(row));
  report(
    'invalid-features',
    badFeatures,
    true,
    (examples) =>
      `${counted(badFeatures.length, 'row')} left out because of features that are missing or not finite (${featureNames.length} are expected): ${examples}.`,
  );
  const { kept, repeated, reused } = findRepeatedIds(timed.filter(isWhole));
  report(
    'repeated-row',
    repeated,
    true,
    (examples) => `${counted(repeated.length, 'row')} left out because the same id, features and latency were given before: ${examples}.`,
  );
  report(
    'repeated-id',
    reused,
    false,
    (examples) => `${counted(reused.length, 'row')} kept although another row has the same id with other data: ${examples}.`,
  );
  const conflicting = findConflicts(kept);
  report('conflicting-latencies', conflicting, false, (examples) => {
    const limit = `${Math.round(CONFLICT * 100)} %`;
    return `${counted(conflicting.length, 'row')} kept although the same configuration was measured with latencies more than ${limit} apart: ${examples}.`;
  });
  const isConstant = (k: number): boolean => kept.length > 1 && kept.every(({ features }) => features[k] === kept[0]!.features[k]);
  const constant = featureNames.filter((name, k) => !fixedFeatures.includes(name) && isConstant(k));
  if (constant.length > 0) {
    const names = constant.join(', ');
    const message = `${counted(constant.length, 'feature')} the same in all rows, so nothing can be learned about it: ${names}.`;
    problems.push({ kind: 'constant-feature', message, ids: [], excluded: false });
  }
  return { rows: kept, problems };
}

function findRepeatedIds(rows: readonly TrainingRow[]): { kept: TrainingRow[]; repeated: TrainingRow[]; reused: TrainingRow[] } {
  const seen = new Map<string, TrainingRow[]>();
  const kept: TrainingRow[] = [];
  const repeated: TrainingRow[] = [];
  const reused: TrainingRow[] = [];
  for (const row of rows) {
    const namesakes = seen.get(rowName(row)) ?? [];
    const isSame = (other: TrainingRow): boolean => other.latencyMs === row.latencyMs && featureKey(other) === featureKey(row);
    if (namesakes.some(isSame)) {
      repeated.push(row);
      continue;
    }
    if (namesakes.length > 0) reused.push(row);
    seen.set(rowName(row), [...namesakes, row]);
    kept.push(row);
  }
  return { kept, repeated, reused };
}

/** Rows of one kernel with equal features and latencies too far apart. */
function findConflicts(rows: readonly TrainingRow[]): TrainingRow[] {
  return [...groupRows(rows).values()].flatMap((group) => {
    const latencies = group.map(({ latencyMs }) => latencyMs);
    return Math.max(...latencies) > Math.min(...latencies) * (1 + CONFLICT) ? group : [];
  });
}

function groupRows(rows: readonly TrainingRow[]): Map<string, TrainingRow[]> {
  const groups = new Map<string, TrainingRow[]>();
  for (const row of rows) {
    const key = `${row.kernel} ${featureKey(row)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

function featureKey(row: TrainingRow): string {
  return row.features.join(',');
}

function counted(count: number, noun: 'row' | 'feature'): string {
  if (noun === 'feature') return count === 1 ? '1 feature is' : `${count} features are`;
  return count === 1 ? '1 row was' : `${count} rows were`;
}

function listExamples(rows: readonly TrainingRow[]): string {
  const names = rows.slice(0, SHOWN).map(rowName);
  return rows.length > SHOWN ? `${names.join(', ')} and ${rows.length - SHOWN} more` : names.join(', ');
}
