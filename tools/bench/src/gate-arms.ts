import { mean } from '@nnm/core';
import { assessVisits, type ProfilePolicy, type Visit } from '@nnm/profiler';
import { formatCells } from './report.ts';

/** A label and whether it is flagged as uncertain. */
export interface ArmLabel {
  readonly latencyMs: number;
  readonly flagged: boolean;
}

/** Labels by kernel. */
export type ArmLabels = ReadonlyMap<string, ArmLabel>;

/** What the same visits give by different rules. */
export type VisitRules = Readonly<Record<string, (visits: readonly Visit[]) => ArmLabel | undefined>>;

/**
 * Ways to make a label of visits that were made without waiting for quiet.
 *
 * @param levelMs - the quiet level, known from when the machine was quiet
 */
export function visitRules(levelMs: number | undefined, policy: ProfilePolicy): VisitRules {
  const assess = (level: number | undefined, changes: Partial<ProfilePolicy>) => (visits: readonly Visit[]) => {
    const { stats, flags } = assessVisits(visits, { levelMs: level, doubted: false }, { ...policy, ...changes });
    return stats && { latencyMs: stats.latencyMs, flagged: flags.length > 0 };
  };
  return {
    'probes, CPU share, confirmation': assess(levelMs, {}),
    'CPU share, confirmation': assess(undefined, {}),
    confirmation: assess(undefined, { minCpuShare: 0 }),
    'neither: mean of two visits': (visits) => {
      const slices = visits.slice(0, 2).flatMap((visit) => visit.slices);
      return slices.length === 0 ? undefined : { latencyMs: mean(slices.map(({ meanMs }) => meanMs)), flagged: false };
    },
  };
}

/** How far labels are from the truth. */
export interface ArmResult {
  readonly arm: string;
  readonly kernels: number;
  readonly flagged: number;
  /** Of all labels. */
  readonly medianError: number;
  readonly within5: number;
  readonly within10: number;
  /** Of the labels that are not flagged: these are the ones that a user believes. */
  readonly trustedWithin10: number;
  readonly trustedMedianError: number;
  readonly seconds?: number;
}

/** @param truth - latencies from when the machine was quiet */
export function compareWithTruth(arm: string, labels: ArmLabels, truth: ReadonlyMap<string, number>, seconds?: number): ArmResult {
  const errors = [...labels].flatMap(([id, { latencyMs, flagged }]) => {
    const trueMs = truth.get(id);
    return trueMs === undefined ? [] : [{ error: Math.abs(latencyMs / trueMs - 1), flagged }];
  });
  const trusted = errors.filter(({ flagged }) => !flagged);
  const share = (of: readonly { readonly error: number }[], limit: number): number =>
    of.length === 0 ? Number.NaN : of.filter(({ error }) => error <= limit).length / of.length;
  const middle = (of: readonly { readonly error: number }[]): number =>
    of.map(({ error }) => error).sort((a, b) => a - b)[Math.floor(of.length / 2)] ?? Number.NaN;
  return {
    arm,
    kernels: errors.length,
    flagged: errors.length - trusted.length,
    medianError: middle(errors),
    within5: share(errors, 0.05),
    within10: share(errors, 0.1),
    trustedWithin10: share(trusted, 0.1),
    trustedMedianError: middle(trusted),
    ...(seconds !== undefined && { seconds }),
  };
}

/** A table of arms. */
export function formatArms(results: readonly ArmResult[]): string {
  const percent = (value: number): string => (Number.isNaN(value) ? '–' : `${(100 * value).toFixed(1)} %`);
  return formatCells([
    ['labels by', 'kernels', 'flagged', 'median error', 'within 5 %', 'within 10 %', 'unflagged: median', 'within 10 %', 'time'],
    ...results.map((row) => [
      row.arm,
      String(row.kernels),
      String(row.flagged),
      ...[row.medianError, row.within5, row.within10, row.trustedMedianError, row.trustedWithin10].map(percent),
      row.seconds === undefined ? '' : `${row.seconds.toFixed(1)} s`,
    ]),
  ]);
}
