import type { Graph, Registry } from '@nnm/core';
import type { Bundle } from '../bundle/bundle.ts';
import { totalOf } from '../calibrate/model-total.ts';
import { liftKernelGraph } from '../graph/from-kernel-graph.ts';
import type { DetectedKernel, LiftedModel } from '../lift/lifted-model.ts';
import type { PriceBook } from '../price/price-book.ts';
import { priceKernels } from '../price/price-kernels.ts';
import { priceShares } from '../price/price-shares.ts';
import { BatchSizeMismatchError, EmptyModelError, NothingPricedError } from './errors.ts';
import type { ModelPrediction } from './model-prediction.ts';

/** What {@link predictModel} prices with. */
export interface PredictModelOptions {
  readonly bundle: Bundle;
  /** Where the kernels' features come from. */
  readonly registry: Pick<Registry, 'kernels'>;
  /** Parts that were measured on their own, by the hash of their graphs under the bundle's framework and batch size. */
  readonly measured?: PriceBook['measured'];
  /** What changes of layout cost; default: what the bundle's calibration says. */
  readonly reorders?: PriceBook['reorders'];
}

/** Groups a model into the parts that the runtime runs as one. */
export type Detector = (lifted: LiftedModel) => readonly DetectedKernel[];

/** Predicts many models with one bundle. */
export interface ModelPredictor {
  /** The parts of a model, as the bundle's runtime runs them. */
  detect(model: LiftedModel | Graph): readonly DetectedKernel[];
  /**
   * What a model takes.
   *
   * @throws {@link EmptyModelError}, {@link BatchSizeMismatchError}; {@link NothingPricedError} when no part has a price
   */
  predict(model: LiftedModel | Graph): ModelPrediction;
}

/**
 * A {@link ModelPredictor} whose parts a given detector finds.
 *
 * @param notes - what a reader of every total must know of the detector, as sentences
 */
export function modelPredictorWith(
  detect: Detector,
  { bundle, registry, measured, reorders }: PredictModelOptions,
  notes: readonly string[] = [],
): ModelPredictor {
  const kernels = new Map(registry.kernels.map(({ value }) => [value.type, value]));
  const { backend, implement, batchSize, calibration } = bundle;
  const book: PriceBook = {
    predictors: bundle.predictors,
    kernelOf: (type) => kernels.get(type),
    estimate: bundle.estimate,
    reorders: reorders ?? calibration?.reorders,
    implement,
    batchSize,
    measured,
    predictions: new Map(),
  };
  const lift = (model: LiftedModel | Graph): LiftedModel => ('model' in model ? model : liftKernelGraph(model, { implement }));
  return {
    detect: (model) => detect(lift(model)),
    predict(given) {
      const lifted = lift(given);
      const { name: model, format, weightBytes } = lifted.model;
      if (lifted.ops.length === 0) throw new EmptyModelError({ model });
      if (lifted.batchSize !== batchSize)
        throw new BatchSizeMismatchError({ model, batchSize: lifted.batchSize, predictor: batchSize, input: firstInput(lifted) });
      const priced = priceKernels(detect(lifted), lifted, book);
      if (priced.every(({ price }) => price === undefined)) {
        throw new NothingPricedError({ model, gaps: [...new Set(priced.map(({ name, gap }) => `${name} (${gap})`))] });
      }
      const sum = totalOf(priced, calibration);
      const total = { ...sum, notes: [...(lifted.model.notes ?? []), ...sum.notes, ...notes] };
      return { model, format, backend, implement, batchSize, total, kernels: priced, shares: priceShares(priced), weightBytes };
    },
  };
}

/** The input whose first size is the batch size, as a phrase. */
function firstInput({ model: { inputs, tensors } }: LiftedModel): string {
  const shapes = inputs.map((name) => ({ name, shape: tensors.get(name)?.shape ?? [] }));
  const { name, shape } = shapes.find((input) => input.shape.length > 1) ?? shapes[0] ?? { name: '', shape: [] };
  return `"${name}" [${shape.join(', ')}]`;
}
