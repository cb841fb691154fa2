import type { ProfiledOperator } from '../models/profile-operators.ts';
import { countOf, formatLatency, formatShare } from './quantities.ts';

/** Titles of {@link operatorRows}. */
export const OPERATOR_TITLES = ['OPERATOR', 'TAKES', 'SHARE', 'KERNEL', 'COMPUTES'] as const;

/** Operators as cells: name, latency, share of all, kernel, the value that it computes; those that take longest first. */
export function operatorRows(operators: readonly ProfiledOperator[]): readonly (readonly string[])[] {
  const allMs = sumOf(operators);
  return [...operators]
    .sort((a, b) => b.latencyMs - a.latencyMs)
    .map(({ operators: names, latencyMs, kernels, values }) => [
      names.join(' + '),
      formatLatency(latencyMs),
      formatShare(allMs > 0 ? latencyMs / allMs : 0),
      kernels.join(' + '),
      values.at(-1) ?? '',
    ]);
}

/** `By the runtime's own profile 31 operators take 2.51 ms:` and that the profile itself costs time. */
export function describeOperators(operators: readonly ProfiledOperator[]): string {
  const take = operators.length === 1 ? 'takes' : 'take';
  const count = countOf(operators.length, 'operator');
  return `By the runtime's own profile, which is in the runs and makes them longer, ${count} ${take} ${formatLatency(sumOf(operators))}:`;
}

function sumOf(operators: readonly ProfiledOperator[]): number {
  return operators.reduce((sum, { latencyMs }) => sum + latencyMs, 0);
}
