import { median } from '@nnm/core';
import { judgeVisits, type ProfilePolicy, type Visit } from '@nnm/profiler';

/** A model or a part of it with what each of its visits said, in the order they were made. */
export interface RoundValues {
  /** By visit, in milliseconds; undefined for a visit without a quiet moment. */
  readonly rounds: readonly (number | undefined)[];
  /** What the engine says of all visits together: what counts in a round without a quiet moment. */
  readonly labelMs: number;
}

/** A part of a network. */
export interface PartRounds extends RoundValues {
  /** How often the network runs it. */
  readonly times: number;
}

/**
 * What visits say: the median of the slices between quiet probes, since the smallest of many short runs is not to be compared with that of
 * a few long ones.
 *
 * @param levelMs - the quiet level of the reference; undefined without one, when all slices count
 */
export function roundValues(visits: readonly Visit[], levelMs: number | undefined, policy: ProfilePolicy): RoundValues['rounds'] {
  return judgeVisits(visits, levelMs, policy).map((slices) => {
    const quiet = slices.filter(({ accepted }) => accepted);
    return quiet.length === 0 ? undefined : median(quiet.map(({ medianMs }) => medianMs));
  });
}

/**
 * How the time of a network compares with the sum of its parts: the median over rounds of their ratio, a round being the n-th visit to the
 * network and to each part. A sum of smallest times would be compared with the smallest of sums, and a machine that became faster between
 * them would be taken for what runtimes do between kernels.
 *
 * Without a round in which the network had a quiet moment, the ratio is that of the labels.
 */
export function networkRatio(network: RoundValues, parts: readonly PartRounds[]): number {
  const sumOf = (partMs: (part: PartRounds) => number): number => parts.reduce((sum, part) => sum + part.times * partMs(part), 0);
  const ratios = network.rounds.flatMap((networkMs, round) =>
    networkMs === undefined ? [] : [networkMs / sumOf(({ rounds, labelMs }) => rounds[round] ?? labelMs)],
  );
  return ratios.length > 0 ? median(ratios) : network.labelMs / sumOf(({ labelMs }) => labelMs);
}
