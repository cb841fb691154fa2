import { type Rng, square } from '@nnm/core';

/** Something that could be measured. */
export interface Candidate {
  /** Where it lies; distances between candidates are Euclidean, and 1 is far. */
  readonly point: readonly number[];
  /** How much it would teach, >= 0. */
  readonly score: number;
}

/**
 * Choose a batch: draw candidates without replacement, in proportion to the square of their scores and, up to a distance of 1, to their
 * distance from what the batch already holds, so that it does not consist of copies of one uncertain place.
 *
 * @returns indices of `count` different candidates, in the order drawn; fewer when there are fewer
 */
export function drawBatch(candidates: readonly Candidate[], count: number, rng: Rng): readonly number[] {
  // A candidate with twice the score is drawn four times as often. Drawing, rather than taking the highest scores, keeps the batch near
  // where the prior is dense and forgives wrong scores.
  const weights = candidates.map(({ score }) => square(score));
  const apart = new Float64Array(candidates.length).fill(1);
  const drawn: number[] = [];
  const left = new Set(candidates.keys());
  while (drawn.length < count && left.size > 0) {
    const index = drawOne(left, (candidate) => (weights[candidate] as number) * (apart[candidate] as number), rng);
    left.delete(index);
    drawn.push(index);
    for (const other of left) {
      apart[other] = Math.min(apart[other] as number, distance(candidates[index] as Candidate, candidates[other] as Candidate));
    }
  }
  return drawn;
}

function drawOne(items: ReadonlySet<number>, weightOf: (item: number) => number, rng: Rng): number {
  let total = 0;
  for (const item of items) total += weightOf(item);
  let rest = rng.float() * total;
  let last = -1;
  for (const item of items) {
    // With no weight left at all the first ones are as good as any.
    if (total === 0) return item;
    const weight = weightOf(item);
    if (weight > 0) last = item;
    rest -= weight;
    if (rest < 0 && weight > 0) return item;
  }
  return last;
}

function distance(a: Candidate, b: Candidate): number {
  return Math.sqrt(a.point.reduce((sum, value, k) => sum + square(value - (b.point[k] as number)), 0));
}
