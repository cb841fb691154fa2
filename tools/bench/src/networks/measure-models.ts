import { type AnyBackend, type Registry, runToEnd } from '@nnm/core';
import {
  type Bundle,
  type ClassEstimate,
  type DetectedKernel,
  fitReorders,
  measureModel,
  measureNetwork,
  modelPredictor,
  type NetworkMeasurement,
  type NetworkMeasuring,
  type PricedKernel,
} from '@nnm/model';
import type { BenchModel } from './bench-models.ts';

/** A model, its parts, and what was measured of them. */
export interface MeasuredBenchModel {
  readonly model: BenchModel;
  readonly kernels: readonly DetectedKernel[];
  /** Parts as they are predicted without a calibration. */
  readonly priced: readonly PricedKernel[];
  readonly latencyMs: number;
  readonly flags: readonly string[];
  /** Absent where only the whole is measured. */
  readonly parts?: NetworkMeasurement;
}

/** Models that were measured, and what their changes of layout cost. */
export interface MeasuredModels {
  readonly models: readonly MeasuredBenchModel[];
  readonly reorders: ClassEstimate | undefined;
}

/** How models are measured. */
export interface MeasureModelsOptions {
  readonly backend: AnyBackend;
  readonly registry: Registry;
  readonly bundle: Bundle;
  /** Measure the parts of models that are not of the calibration, too. */
  readonly allParts: boolean;
  /** What it holds is not measured again. */
  readonly journalFile: string;
  /** Milliseconds that are left for measuring. */
  readonly timeLeftMs: () => number;
}

/** Measure models one by one, variants as wholes only, others together with their parts; says on stderr what could not be. */
export async function measureModels(models: readonly BenchModel[], options: MeasureModelsOptions): Promise<MeasuredModels> {
  const { backend, registry, bundle, allParts, journalFile, timeLeftMs } = options;
  const measuring = {
    backend,
    implement: bundle.implement,
    batchSize: 1,
    seed: 1,
    journalFile,
    timeLeftMs,
  };
  const predictor = modelPredictor({ bundle: { ...bundle, calibration: undefined }, registry });
  const measured: MeasuredBenchModel[] = [];
  for (const model of models) {
    const started = performance.now();
    try {
      const settings = backend.parseSettings(model.settings ?? {});
      const withParts = model.role === 'calibration' || (allParts && model.role !== 'variant');
      const one = await measureOne(model, withParts, predictor, { ...measuring, settings });
      if (one !== undefined) measured.push(one);
      console.error(
        `  ${model.name}: ${one === undefined ? 'not measured' : `${one.latencyMs.toFixed(3)} ms`} (${((performance.now() - started) / 1000).toFixed(1)} s)`,
      );
    } catch (error) {
      console.error(`  ${model.name}: ${(error as Error).message}`);
    }
  }
  const reorders = fitReorders(
    measured.flatMap(({ model, parts, kernels }) => (model.role === 'calibration' && parts ? [{ measurement: parts, kernels }] : [])),
  );
  const priced = modelPredictor({ bundle: { ...bundle, calibration: undefined }, registry, reorders });
  const withReorders = measured.map((one) => ({ ...one, priced: priced.predict(one.model.lifted).kernels }));
  return { models: withReorders, reorders };
}

async function measureOne(
  model: BenchModel,
  withParts: boolean,
  predictor: ReturnType<typeof modelPredictor>,
  measuring: NetworkMeasuring & { readonly journalFile: string },
): Promise<MeasuredBenchModel | undefined> {
  const kernels = predictor.detect(model.lifted);
  const { kernels: priced } = predictor.predict(model.lifted);
  const job = { name: model.name, hash: model.hash, model: model.model };
  if (!withParts) {
    const { record } = await runToEnd(measureModel(job, measuring));
    if (record?.status === 'ok') return { model, kernels, priced, latencyMs: record.stats.latencyMs, flags: record.flags };
    console.error(`  ${model.name}: ${record?.error.message ?? 'no time was left'}`);
    return undefined;
  }
  const parts = await runToEnd(measureNetwork({ ...job, kernels }, measuring));
  if ('problem' in parts) {
    console.error(`  ${model.name}: ${parts.problem}`);
    return undefined;
  }
  for (const problem of new Set(parts.problems)) console.error(`  ${model.name}: ${problem}`);
  return { model, kernels, priced, latencyMs: parts.latencyMs, flags: parts.flags, parts };
}
