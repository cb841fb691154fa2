import { type MarkedConfig, type Prediction, predictKernels } from '@nnm/builder';
import { type AnyKernel, kernelFamily } from '@nnm/core';
import { gradeTrusted, type Metrics, type Predictor } from '@nnm/predictor';
import type { FailureGroup, JournalLine } from '@nnm/profiler';
import { chooseSlices, type SliceLimits } from './choose-slices.ts';
import { noiseOf } from './noise.ts';
import { orderSlices } from './order-slices.ts';
import { predictSlice } from './predict-slice.ts';
import type { KernelReport, RoundReport, RowReport } from './report-document.ts';
import { roundNumber } from './round-number.ts';

/** What a workspace knows of one kernel. */
export interface KernelFacts {
  readonly kernel: AnyKernel;
  readonly rows: readonly MarkedConfig[];
  /** The predictors of its rounds, the first one first. */
  readonly rounds: readonly { readonly mark: string; readonly predictor: Predictor }[];
  /** The finished predictor of its family. */
  readonly predictor: Predictor | undefined;
  readonly journal: Iterable<JournalLine>;
  readonly failures: readonly FailureGroup[];
  readonly problems: readonly string[];
}

/** How much of a kernel a document may hold. */
export interface KernelReportLimits extends SliceLimits {
  readonly visits: number;
  /** Columns that are computed from the keys; the first of them are kept. */
  readonly features: number;
}

/** Everything that a report shows of one kernel. */
export function kernelReport(facts: KernelFacts, limits: KernelReportLimits): KernelReport {
  const { kernel, rows, predictor, failures, problems } = facts;
  const keys = Object.keys(kernel.configSpace as object);
  const computed = kernel.features.featureNames
    .map((name, index) => ({ name, index }))
    .filter(({ name }) => !keys.includes(name))
    .slice(0, limits.features);
  const valuesOf = ({ config }: MarkedConfig): readonly number[] => {
    const features = kernel.features.getFeatureByConfig(config);
    return [...keys.map((key) => config[key] as number), ...computed.map(({ index }) => roundNumber(features[index] as number))];
  };
  const predictions = predictRows(facts);
  const ceiling = (facts.rounds.at(-1)?.predictor ?? predictor)?.manifest.ceiling;
  const keyRows = rows.map(({ config }) => keys.map((key) => config[key] as number));
  const noise = noiseOf(facts.journal, limits.visits);
  return {
    kernel: kernel.type,
    family: kernelFamily(kernel),
    ...(kernel.description !== undefined && { description: kernel.description }),
    columns: [...keys, ...computed.map(({ name }) => name)],
    keys: keys.length,
    rows: rows.map((row, index) => rowReport(row, valuesOf(row), predictions[index])),
    rounds: facts.rounds.map((round) => roundReport(round, facts)),
    ...(ceiling && { ceiling }),
    landscape:
      predictor === undefined ? [] : orderSlices(chooseSlices(keys, keyRows, limits).map((plan) => predictSlice(plan, kernel, predictor))),
    ...(noise && { noise }),
    failures,
    problems,
  };
}

interface RowPrediction {
  readonly latencyMs: number;
  readonly seen: boolean;
}

/**
 * Predict every row, wherever that is possible by a predictor that had not seen it: the last round's for the hold-out, the round before its
 * own for what adaptive sampling chose. The finished predictor, which has learned from everything, speaks for the rest.
 */
function predictRows({ kernel, rows, rounds, predictor }: KernelFacts): readonly (RowPrediction | undefined)[] {
  const answers: (RowPrediction | undefined)[] = rows.map(() => undefined);
  const judges = rows.map(({ mark }) => {
    const own = rounds.findIndex((round) => round.mark === mark);
    const unseen = mark === 'holdout' ? rounds.at(-1) : own > 0 ? rounds[own - 1] : undefined;
    return unseen === undefined ? { judge: predictor, seen: true } : { judge: unseen.predictor, seen: false };
  });
  for (const judge of new Set(judges.map((one) => one.judge))) {
    if (judge === undefined) continue;
    const places = rows.flatMap((_, index) => (judges[index]?.judge === judge ? [index] : []));
    const predicted = predictKernels(
      judge,
      kernel,
      places.map((index) => (rows[index] as MarkedConfig).config),
    );
    for (const [order, index] of places.entries()) {
      answers[index] = { latencyMs: (predicted[order] as Prediction).latencyMs, seen: judges[index]?.seen ?? true };
    }
  }
  return answers;
}

function rowReport(row: MarkedConfig, values: readonly number[], prediction: RowPrediction | undefined): RowReport {
  const { id, mark, latencyMs, repeatabilityMs, flags = [] } = row;
  return {
    id,
    mark,
    values,
    measuredMs: roundNumber(latencyMs),
    ...(repeatabilityMs !== undefined && { scatter: Number((repeatabilityMs / latencyMs).toPrecision(2)) }),
    flags,
    ...(prediction && { predictedMs: roundNumber(prediction.latencyMs), seen: prediction.seen }),
  };
}

function roundReport({ mark, predictor }: KernelFacts['rounds'][number], { kernel, rows }: KernelFacts): RoundReport {
  const { metrics, samples } = predictor.manifest;
  const holdout = gradeOf(
    predictor,
    kernel,
    rows.filter((row) => row.mark === 'holdout'),
  );
  return { mark, rows: samples.used, validation: metrics, ...(holdout && { holdout }) };
}

function gradeOf(predictor: Predictor, kernel: AnyKernel, rows: readonly MarkedConfig[]): Metrics | undefined {
  if (rows.length === 0) return undefined;
  const predictions = predictKernels(
    predictor,
    kernel,
    rows.map(({ config }) => config),
  );
  return gradeTrusted(
    rows.map(({ latencyMs }) => latencyMs),
    predictions.map(({ latencyMs }) => latencyMs),
    rows.map(({ flags = [] }) => flags.length > 0),
  );
}
