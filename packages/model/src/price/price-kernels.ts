import { type AnyKernel, floatBytes, graphHash, kernelFamily, NnmError, type Reorder } from '@nnm/core';
import {
  FeatureMismatchError,
  featuresForPredictor,
  type LatencyInterval,
  type Prediction,
  type Predictor,
  predictVectors,
} from '@nnm/predictor/browser';
import { partShapes } from '../detect/part-graph.ts';
import type { DetectedKernel, LiftedModel } from '../lift/lifted-model.ts';
import { type ClassifiedWork, classifyWork } from './operator-class.ts';
import { type PriceBook, predictionKey } from './price-book.ts';
import type { KernelPrice, PricedKernel } from './priced-kernel.ts';
import { reorderBytes } from './reorder-work.ts';
import { estimateLatency } from './work-estimate.ts';

/** A part whose kernel has a predictor, with what its prediction is found by. */
interface Predicted {
  readonly family: string;
  readonly key: string;
  /** The predictor has learned from other kernels of the family only. */
  readonly isUnseen: boolean;
  /** Of the kernel that runs first. */
  readonly before?: Predicted;
}

/** Configurations of one family that are to be predicted together, each once. */
interface Batch {
  readonly predictor: Predictor;
  readonly vectors: Map<string, readonly number[]>;
}

/** Predictions that are remembered at most; then all are forgotten. */
const MOST_REMEMBERED = 50_000;

/**
 * Price every part of a model: by the trained predictor of its kernel's family; a part that has none, or whose configuration is unlike all
 * that its predictor has seen, by its own measurement if there is one; else by an estimate from its work. What can be priced by none of
 * them is a gap, never a zero.
 *
 * @param kernels - the parts, of `lifted`
 * @returns one per part, in the same order
 */
export function priceKernels(kernels: readonly DetectedKernel[], lifted: LiftedModel, book: PriceBook): readonly PricedKernel[] {
  const { predictions = new Map<string, Prediction>() } = book;
  if (predictions.size > MOST_REMEMBERED) predictions.clear();
  const batches = new Map<string, Batch>();
  const predicted = kernels.map((kernel) => addToBatches(kernel, book, predictions, batches));
  for (const { predictor, vectors } of batches.values()) {
    const answers = predictVectors(predictor, [...vectors.values()]);
    for (const [row, key] of [...vectors.keys()].entries()) predictions.set(key, answers[row]!);
  }
  const answerOf = ({ key }: Predicted): Prediction => predictions.get(key)!;
  return kernels.map((kernel, index) => {
    const found = predicted[index];
    if (found === undefined) return priceOne(kernel, lifted, book, undefined);
    const doubts = doubtsOf(kernel, found, book.predictors.get(found.family)!);
    const prediction = found.before === undefined ? answerOf(found) : together(answerOf(found), answerOf(found.before));
    return priceOne(kernel, lifted, book, doubts.reduce(doubted, prediction));
  });
}

/** A part's kernel, and the one that runs before it, among the vectors to predict. */
function addToBatches(
  { match, nearest }: DetectedKernel,
  book: PriceBook,
  predictions: ReadonlyMap<string, Prediction>,
  batches: Map<string, Batch>,
): Predicted | undefined {
  const found = addToBatch(match ?? nearest, book, predictions, batches);
  const before = found && match === undefined ? addToBatch(nearest?.before, book, predictions, batches) : undefined;
  return found && { ...found, ...(before && { before }) };
}

function addToBatch(
  match: DetectedKernel['match'],
  book: PriceBook,
  predictions: ReadonlyMap<string, Prediction>,
  batches: Map<string, Batch>,
): Predicted | undefined {
  const kernel = match && book.kernelOf(match.kernel);
  if (kernel === undefined) return undefined;
  const family = kernelFamily(kernel);
  const predictor = book.predictors.get(family);
  if (predictor === undefined) return undefined;
  const key = predictionKey(kernel, match!.config);
  const batch = batches.get(family) ?? { predictor, vectors: new Map() };
  if (!predictions.has(key) && !batch.vectors.has(key)) {
    const vector = vectorOf(kernel, match!.config, predictor);
    if (vector === undefined) return undefined;
    batches.set(family, batch);
    batch.vectors.set(key, vector);
  }
  return { family, key, isUnseen: !predictor.manifest.kernels.includes(kernel.type) };
}

/** Undefined for a configuration that the kernel's features are not made for, and for a predictor made of other features. */
function vectorOf(kernel: AnyKernel, config: Readonly<Record<string, number>>, predictor: Predictor): readonly number[] | undefined {
  try {
    const vector = featuresForPredictor(kernel, config, predictor.manifest.featureNames);
    return vector.every(Number.isFinite) ? vector : undefined;
  } catch (error) {
    if (error instanceof FeatureMismatchError || !NnmError.isInstance(error)) throw error;
    return undefined;
  }
}

/**
 * A kernel of the family that was never measured, or a part that is a kernel but for what is fused behind it: nobody knows how wrong its
 * predictor is, so that the wider range is taken for the narrow one.
 */
function doubted(prediction: Prediction, reason: string): Prediction {
  const interval80 = { ...prediction.interval95, coverage: 0.8 };
  return { ...prediction, interval80, outsideSampled: [reason, ...prediction.outsideSampled] };
}

/** Two kernels that run one after the other, their errors taken to go together. */
function together(a: Prediction, b: Prediction): Prediction {
  const sum = (one: LatencyInterval, other: LatencyInterval): LatencyInterval => ({
    ...one,
    lowMs: one.lowMs + other.lowMs,
    highMs: one.highMs + other.highMs,
  });
  return {
    latencyMs: a.latencyMs + b.latencyMs,
    interval80: sum(a.interval80, b.interval80),
    interval95: sum(a.interval95, b.interval95),
    outsideSampled: [...a.outsideSampled, ...b.outsideSampled],
  };
}

function doubtsOf({ match, nearest }: DetectedKernel, { isUnseen, before }: Predicted, { manifest }: Predictor): readonly string[] {
  const { family, kernels } = manifest;
  const { kernel } = (match ?? nearest)!;
  return [
    ...(isUnseen ? [`the predictor of ${family} has seen ${kernels.join(', ')}, but never ${kernel}`] : []),
    ...(match === undefined ? [`predicted as ${kernel} ${nearest!.differences.join(' and ')}`] : []),
    ...(match === undefined && nearest!.before !== undefined && before === undefined
      ? [`there is no predictor of ${nearest!.before.kernel}, so that it is not in the price`]
      : []),
  ];
}

function priceOne(kernel: DetectedKernel, lifted: LiftedModel, book: PriceBook, prediction: Prediction | undefined): PricedKernel {
  const { match, graph, reorder } = kernel;
  if (reorder !== undefined) return priceReorder(reorder, book);
  const work = graph && classifyWork(graph, partShapes(graph, kernel.ops, lifted));
  const described = {
    name: match?.kernel ?? partName(kernel, lifted),
    nodes: kernel.ops.flatMap((op) => lifted.ops[op]!.nodes.map((node) => lifted.model.nodes[node]!.name)),
    ...(match && { config: match.config }),
    weightBytes: floatBytes(work?.params ?? 0),
    valueBytes: work === undefined ? 0 : work.bytes - floatBytes(work.params),
    isMemoryBound: work !== undefined && isMemoryBound(work),
  };
  if (prediction !== undefined && prediction.outsideSampled.length === 0) return { ...described, price: fromPrediction(prediction) };
  const measured = graph && book.measured?.get(graphHash(graph, book));
  if (measured !== undefined) return { ...described, price: { source: 'measured', ...measured } };
  if (prediction !== undefined) return { ...described, price: fromDoubted(prediction, work, book.estimate) };
  if (work === undefined) return { ...described, gap: kernel.gap ?? 'it is no operator that nnm knows' };
  if (book.estimate === undefined)
    return { ...described, gap: 'it has no predictor, and nothing was measured that says what its work costs' };
  return { ...described, price: fromEstimate(work, book.estimate) };
}

function priceReorder(reorder: Reorder, { reorders, estimate }: PriceBook): PricedKernel {
  const bytes = reorderBytes(reorder);
  const described = { name: `reorder to ${reorder.to}`, nodes: [], weightBytes: 0, valueBytes: bytes, isMemoryBound: false };
  const work: ClassifiedWork = { class: 'movement', flops: 0, params: 0, bytes };
  if (reorders !== undefined) return { ...described, price: fromEstimate(work, { any: reorders, classes: {} }, 'reorders') };
  if (estimate === undefined) return { ...described, gap: 'nothing was measured that says what changing layouts costs' };
  return { ...described, price: fromEstimate(work, estimate) };
}

/** What a graph of operators is called where no kernel is. */
function partName(kernel: DetectedKernel, lifted: LiftedModel): string {
  const names = kernel.ops.flatMap((position) => {
    const op = lifted.ops[position]!;
    return 'op' in op
      ? [op.op.op === 'activation' ? op.op.function : op.op.op]
      : op.nodes.map((node) => lifted.model.nodes[node]!.operator);
  });
  return names.join('+');
}

/** Operations per byte of weights below which reading them is what takes the time. */
const FEW_OPERATIONS_PER_BYTE = 4;

function isMemoryBound({ class: name, flops, params }: ClassifiedWork): boolean {
  return name === 'matrix' && flops < FEW_OPERATIONS_PER_BYTE * floatBytes(params);
}

function fromPrediction({ latencyMs, interval80, interval95, outsideSampled }: Prediction): KernelPrice {
  return { source: 'predictor', latencyMs, interval80, interval95, doubts: outsideSampled };
}

/** So many times the upper end of the estimate's 95 % range is no latency of that much work: trees do not know what they have not seen. */
const INCREDIBLE = 3;

/** A prediction for what its predictor has seen nothing like; the estimate where it lies far above all that the work makes likely. */
function fromDoubted(prediction: Prediction, work: ClassifiedWork | undefined, estimate: PriceBook['estimate']): KernelPrice {
  const estimated = work && estimate && fromEstimate(work, estimate);
  if (estimated === undefined) return fromPrediction(prediction);
  if (prediction.latencyMs <= INCREDIBLE * estimated.interval95.highMs) return fromPrediction(prediction);
  return { ...estimated, doubts: [...prediction.outsideSampled, ...estimated.doubts] };
}

function fromEstimate(work: ClassifiedWork, estimate: NonNullable<PriceBook['estimate']>, of?: string): KernelPrice {
  const { basis, ...estimated } = estimateLatency(estimate, work);
  return {
    source: 'estimate',
    ...estimated,
    doubts: [of === undefined ? `estimated from its operations and bytes (${basis})` : `estimated from its bytes by measured ${of}`],
  };
}
