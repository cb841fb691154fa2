import { configKey, type KernelConfig, median } from '@nnm/core';
import type { ComparisonReport, ConfigPair, KernelVerdict } from '../data/report-document.ts';
import { countText, shareText } from '../data/texts.ts';
import { FEWEST_FOR_ORDER, medianInterval } from './median-interval.ts';
import { verdictOf } from './verdict.ts';

/** Latencies of one kernel on one side. */
export interface KernelLatencies {
  readonly rows: readonly {
    readonly config: KernelConfig;
    readonly latencyMs: number;
    /** Standard deviation expected of the latency if it were measured again, where it is known. */
    readonly repeatabilityMs?: number;
    readonly flags?: readonly string[];
  }[];
  /** Predicts what was not measured, with the range that holds the measured latency with 95 % probability; undefined where it cannot. */
  readonly predict?: (config: KernelConfig) => { readonly latencyMs: number; readonly lowMs: number; readonly highMs: number } | undefined;
}

/** One side of a comparison. */
export interface LatencySource {
  readonly name: string;
  readonly kernels: ReadonlyMap<string, KernelLatencies>;
}

/** Two standard deviations hold 95 %. */
const SIGMAS = 1.96;

/** Relative scatter of a label that says nothing of its own: what the profiler takes for agreement of two visits. */
const UNKNOWN_SCATTER = 0.025;

/** From the median of absolute values of a normal distribution to its standard deviation. */
const MEDIAN_TO_DEVIATION = 1.4826;

/** A share of configurations that differ from what their kernel's verdict says and that is worth a note. */
const NOTABLE_SHARE = 0.1;

/**
 * Compare two sources of latencies kernel by kernel.
 *
 * Configurations are paired by their keys. A pair's interval comes from the repeatability of both labels: two visits that agree by luck say
 * little, so no label counts as better than the kernel's usual one. A kernel's is that of the median over its pairs. Flagged labels do not
 * count. Where fewer than six configurations were measured on both sides, a predictor stands in for what one side has not measured.
 *
 * @param threshold - relative change that counts, such as 0.05
 */
export function compareLatencies(before: LatencySource, after: LatencySource, threshold: number): Omit<ComparisonReport, 'differences'> {
  const names = [...before.kernels.keys()];
  const common = names.filter((kernel) => after.kernels.has(kernel));
  return {
    before: before.name,
    after: after.name,
    threshold,
    kernels: common.map((kernel) =>
      compareKernel(kernel, before.kernels.get(kernel) as KernelLatencies, after.kernels.get(kernel) as KernelLatencies, threshold),
    ),
    onlyBefore: names.filter((kernel) => !after.kernels.has(kernel)),
    onlyAfter: [...after.kernels.keys()].filter((kernel) => !before.kernels.has(kernel)),
  };
}

function compareKernel(kernel: string, before: KernelLatencies, after: KernelLatencies, threshold: number): KernelVerdict {
  const [one, other] = [labelsOf(before), labelsOf(after)];
  const shared = [...one.labels.keys()].filter((key) => other.labels.has(key));
  const canPredict = before.predict !== undefined || after.predict !== undefined;
  const by = shared.length < FEWEST_FOR_ORDER && canPredict ? 'predicted' : 'measured';
  const keys = by === 'measured' ? shared : [...new Set([...one.labels.keys(), ...other.labels.keys()])];
  const pairs = keys.flatMap((key): readonly ConfigPair[] => {
    const config = (one.labels.get(key) ?? other.labels.get(key))?.config as KernelConfig;
    const [was, is] = [one.labels.get(key) ?? guess(before, config), other.labels.get(key) ?? guess(after, config)];
    return was === undefined || is === undefined ? [] : [pairOf(config, was, is, threshold)];
  });
  const flagged = one.flagged + other.flagged;
  if (pairs.length === 0) {
    return {
      kernel,
      verdict: 'ambiguous',
      configs: 0,
      flagged,
      by,
      note: 'no configuration has an unflagged latency on both sides',
      pairs,
    };
  }
  const interval = medianInterval(pairs);
  const verdict = verdictOf(interval, threshold);
  const note = noteOf(verdict, interval, pairs, threshold);
  return { kernel, verdict, ...interval, configs: pairs.length, flagged, by, ...(note && { note }), pairs };
}

/** A latency and how far the true one may lie from it, as a factor. */
interface Label {
  readonly config: KernelConfig;
  readonly latencyMs: number;
  /** Logarithms, as half-widths of a 95 % interval. */
  readonly below: number;
  readonly above: number;
}

function labelsOf({ rows }: KernelLatencies): { readonly labels: ReadonlyMap<string, Label>; readonly flagged: number } {
  const sound = rows.filter(({ flags = [] }) => flags.length === 0);
  const known = sound.flatMap(({ latencyMs, repeatabilityMs }) => (repeatabilityMs === undefined ? [] : [repeatabilityMs / latencyMs]));
  const usual = known.length === 0 ? UNKNOWN_SCATTER : median(known) * MEDIAN_TO_DEVIATION;
  const labels = sound.map(({ config, latencyMs, repeatabilityMs }): readonly [string, Label] => {
    const half = SIGMAS * Math.max(usual, repeatabilityMs === undefined ? usual : repeatabilityMs / latencyMs);
    return [configKey(config), { config, latencyMs, below: half, above: half }];
  });
  return { labels: new Map(labels), flagged: rows.length - sound.length };
}

function guess({ predict }: KernelLatencies, config: KernelConfig): Label | undefined {
  const prediction = predict?.(config);
  if (prediction === undefined) return undefined;
  const { latencyMs, lowMs, highMs } = prediction;
  return { config, latencyMs, below: 1 - lowMs / latencyMs, above: highMs / latencyMs - 1 };
}

function pairOf(config: KernelConfig, was: Label, is: Label, threshold: number): ConfigPair {
  const ratio = is.latencyMs / was.latencyMs;
  const low = ratio * Math.max(0, 1 - combine(is.below, was.above));
  const high = ratio * (1 + combine(is.above, was.below));
  return { config, beforeMs: was.latencyMs, afterMs: is.latencyMs, ratio, low, high, verdict: verdictOf({ low, high }, threshold) };
}

/** Independent errors together. */
function combine(one: number, other: number): number {
  return Math.sqrt(one * one + other * other);
}

/** What the verdict of a kernel does not say. */
function noteOf(
  verdict: KernelVerdict['verdict'],
  { low, high }: { readonly low: number; readonly high: number },
  pairs: readonly ConfigPair[],
  threshold: number,
): string | undefined {
  const crossed = [
    ...(low <= 1 / (1 + threshold) && high >= 1 / (1 + threshold) ? ['−'] : []),
    ...(low <= 1 + threshold && high >= 1 + threshold ? ['+'] : []),
  ];
  const why =
    verdict === 'ambiguous' ? [`its interval crosses ${crossed.map((sign) => `${sign}${shareText(threshold, 0)}`).join(' and ')}`] : [];
  const others = (['slower', 'faster'] as const).flatMap((other) => {
    const count = pairs.filter((pair) => pair.verdict === other).length;
    return other !== verdict && count / pairs.length >= NOTABLE_SHARE ? [`${countText(count, 'configuration')} ${other}`] : [];
  });
  const notes = [...why, ...others];
  return notes.length === 0 ? undefined : notes.join('; ');
}
