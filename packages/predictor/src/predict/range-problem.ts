import type { FittedRegressor } from '@nnm/core';
import { baselineMs } from './baseline.ts';
import type { PredictorManifest } from './manifest.ts';
import { latencyOf } from './target.ts';
import type { TreeEnsemble } from './tree-ensemble.ts';

/** Milliseconds far beyond what fitted trees could answer if a row reached the extreme leaf of each of them. */
const BEYOND_MS = 1e100;

/**
 * Whether a model could answer with what is no latency for a configuration like the sampled ones; in words, undefined when it could not.
 * Only trees tell what they may answer at most.
 */
export function rangeProblem({ target, featureNames, sampled }: PredictorManifest, fitted: FittedRegressor): string | undefined {
  const ensemble = (fitted as { readonly ensemble?: TreeEnsemble }).ensemble;
  if (ensemble === undefined) return undefined;
  if (ensemble.featureCount !== featureNames.length) {
    return `its trees are for ${ensemble.featureCount} features and \`featureNames\` has ${featureNames.length}`;
  }
  const largest = sampled.features.map(({ max }) => max);
  const beyond = extremeAnswers(ensemble)
    .map((answer) => latencyOf(target, answer, largest))
    .find((latencyMs) => !(latencyMs > 1 / BEYOND_MS && latencyMs < BEYOND_MS));
  if (beyond === undefined) return undefined;
  return `its model may answer ${beyond} ms for the largest configuration sampled${target.id === 'raw' ? '' : `, where its baseline is ${baselineMs(target.baseline, largest)} ms`}`;
}

/** Answers below and above which no row can get. */
function extremeAnswers({ roots, words, floats, base, scale }: TreeEnsemble): readonly [number, number] {
  let low = 0;
  let high = 0;
  for (let tree = 0; tree < roots.length; tree++) {
    let smallest = Number.POSITIVE_INFINITY;
    let largest = Number.NEGATIVE_INFINITY;
    const end = roots[tree + 1] ?? words.length / 2;
    for (let node = roots[tree]!; node < end; node++) {
      if (words[node * 2 + 1] !== 0) continue;
      smallest = Math.min(smallest, floats[node * 2]!);
      largest = Math.max(largest, floats[node * 2]!);
    }
    low += smallest;
    high += largest;
  }
  return [base + scale * low, base + scale * high];
}
