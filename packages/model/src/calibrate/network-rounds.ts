import { median } from '@nnm/core';
import type { Visit } from '@nnm/profiler';

/** A part of a network with its visits in the order they were made. */
export interface VisitedPart {
  /** How often the network runs it. */
  readonly times: number;
  readonly visits: readonly Visit[];
}

/** What a visit says: the median of its slices, since the smallest of many short runs is not to be compared with that of a few long ones. */
export function visitMs({ slices }: Visit): number {
  return median(slices.map(({ medianMs }) => medianMs));
}

/**
 * How the time of a network compares with the sum of its parts: the median over rounds of their ratio, a round being the n-th visit to the
 * network and to each part. A sum of smallest times would be compared with the smallest of sums, and a machine that became faster between
 * them would be taken for what runtimes do between kernels.
 *
 * @returns undefined when something was never visited
 */
export function networkRatio(network: readonly Visit[], parts: readonly VisitedPart[]): number | undefined {
  const rounds = Math.min(network.length, ...parts.map(({ visits }) => visits.length));
  if (rounds === 0 || parts.length === 0) return undefined;
  const ratios = Array.from({ length: rounds }, (_, round) => {
    const sum = parts.reduce((total, { times, visits }) => total + times * visitMs(visits[round]!), 0);
    return visitMs(network[round]!) / sum;
  });
  return median(ratios);
}
