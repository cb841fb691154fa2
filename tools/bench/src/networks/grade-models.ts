import type { Registry } from '@nnm/core';
import {
  type Bundle,
  CALIBRATION_FORMS,
  type CalibrationForm,
  type ClassEstimate,
  calibrationRow,
  countedNetworks,
  fitCalibration,
  modelPredictor,
  totalOf,
  UNRELIABLE_BELOW_MS,
} from '@nnm/model';
import type { BenchBundles } from './bench-bundles.ts';
import type { BenchModel } from './bench-models.ts';
import type { MeasuredBenchModel } from './measure-models.ts';
import { fitCosts, modelWork } from './work-fits.ts';

/** A model's grades: errors are `predicted / measured - 1`. */
export interface GradedModel {
  readonly name: string;
  readonly role: BenchModel['role'];
  readonly measuredMs: number;
  readonly flags: readonly string[];
  readonly totalMs: number;
  readonly isLowerBound: boolean;
  readonly error: number;
  readonly in80: boolean;
  readonly in95: boolean;
  /** With measured kernels in place of predicted ones: what is left is the calibration's. */
  readonly measuredKernelsError?: number;
  /** Root mean square and median of the kernels' own errors, each weighted by its share of the time. */
  readonly kernelRmspe?: number;
  readonly kernelMedian?: number;
  readonly flopsError: number;
  readonly flopsBytesError: number;
  /** Raw random forests, plain sum, what has no predictor costs nothing. */
  readonly originalError: number;
  readonly shares: { readonly predictor: number; readonly estimate: number; readonly doubted: number };
}

/** Summary of the graded models that are no calibration networks and take at least 0.1 ms. */
export interface Summary {
  readonly models: number;
  readonly rmspe: number;
  readonly acc5: number;
  readonly acc10: number;
  readonly in80: number;
  readonly in95: number;
}

/** The calibration of the models that are there for it. */
export function calibrate(
  measured: readonly MeasuredBenchModel[],
  bundle: Bundle,
  reorders: ClassEstimate | undefined,
  forms: readonly CalibrationForm[] = CALIBRATION_FORMS,
): NonNullable<Bundle['calibration']> {
  const networks = measured.flatMap(({ model, parts, priced }) =>
    model.role === 'calibration' && parts !== undefined ? [{ measurement: parts, priced }] : [],
  );
  const rows = countedNetworks(networks).flatMap(({ measurement, priced }) => calibrationRow(measurement, priced) ?? []);
  const { backend, implement, batchSize, environment } = bundle;
  return fitCalibration(rows, { backend, implement, batchSize, environment, ...(reorders && { reorders }) }, forms);
}

/** Grade every model that is not there for the calibration. */
export function gradeModels(
  measured: readonly MeasuredBenchModel[],
  { own, original }: BenchBundles,
  calibration: NonNullable<Bundle['calibration']>,
  registry: Registry,
): readonly GradedModel[] {
  const originally = modelPredictor({ bundle: { ...original, estimate: undefined, calibration: undefined }, registry });
  const ours = modelPredictor({ bundle: { ...own, calibration }, registry });
  const forFit = measured
    .filter(({ model }) => model.role === 'calibration')
    .map((one) => ({ ...modelWork(one), latencyMs: one.latencyMs }));
  const [perFlop = 0] = fitCosts(forFit.map(({ flops, latencyMs }) => ({ latencyMs, quantities: [flops] })));
  const [both = 0, perByte = 0, launch = 0] = fitCosts(
    forFit.map(({ flops, bytes, latencyMs }) => ({ latencyMs, quantities: [flops, bytes, 1] })),
  );
  return measured
    .filter(({ model }) => model.role !== 'calibration')
    .map((one): GradedModel => {
      const { model, latencyMs: measuredMs, flags } = one;
      const { total, shares } = ours.predict(model.lifted);
      const { flops, bytes } = modelWork(one);
      const errorOf = (predictedMs: number): number => predictedMs / measuredMs - 1;
      const isWithin = ({ lowMs, highMs }: { readonly lowMs: number; readonly highMs: number }): boolean =>
        measuredMs >= lowMs && measuredMs <= highMs;
      return {
        name: model.name,
        role: model.role,
        measuredMs,
        flags,
        totalMs: total.latencyMs,
        isLowerBound: total.isLowerBound,
        error: errorOf(total.latencyMs),
        in80: isWithin(total.interval80),
        in95: isWithin(total.interval95),
        ...kernelGrades(one, calibration),
        flopsError: errorOf(perFlop * flops),
        flopsBytesError: errorOf(both * flops + perByte * bytes + launch),
        originalError: errorOf(sumOrZero(() => originally.predict(model.lifted).total.sumMs)),
        shares: { predictor: shares.bySource.predictor, estimate: shares.bySource.estimate, doubted: shares.doubted },
      };
    });
}

/** The original takes what it knows nothing of for nothing, a whole model too. */
function sumOrZero(predict: () => number): number {
  try {
    return predict();
  } catch {
    return 0;
  }
}

function kernelGrades(
  { parts, priced, latencyMs }: MeasuredBenchModel,
  calibration: NonNullable<Bundle['calibration']>,
): Partial<GradedModel> {
  if (parts === undefined) return {};
  const rows = priced.flatMap(({ price }, index) => {
    const measuredMs = parts.partsMs[index];
    return price === undefined || measuredMs === undefined ? [] : [{ measuredMs, error: price.latencyMs / measuredMs - 1 }];
  });
  const time = rows.reduce((sum, { measuredMs }) => sum + measuredMs, 0);
  if (time === 0) return {};
  const sorted = [...rows].sort((a, b) => Math.abs(a.error) - Math.abs(b.error));
  let passed = 0;
  const middle = sorted.find(({ measuredMs }) => {
    passed += measuredMs;
    return passed >= time / 2;
  });
  return {
    kernelRmspe: Math.sqrt(rows.reduce((sum, { measuredMs, error }) => sum + (measuredMs / time) * error ** 2, 0)),
    kernelMedian: Math.abs(middle!.error),
    ...(!parts.partsMs.includes(undefined) && { measuredKernelsError: totalFromMeasured(parts, priced, calibration) / latencyMs - 1 }),
  };
}

/** What the calibration makes of the parts as they were measured. */
function totalFromMeasured(
  { partsMs }: NonNullable<MeasuredBenchModel['parts']>,
  priced: MeasuredBenchModel['priced'],
  calibration: NonNullable<Bundle['calibration']>,
): number {
  const kernels = priced.map((kernel, index) => {
    const latencyMs = partsMs[index]!;
    const exactly = { lowMs: latencyMs, highMs: latencyMs };
    const price = {
      source: 'measured',
      latencyMs,
      interval80: { ...exactly, coverage: 0.8 },
      interval95: { ...exactly, coverage: 0.95 },
      doubts: [],
    } as const;
    return { ...kernel, price };
  });
  return totalOf(kernels, { ...calibration, scale: 1 }).latencyMs;
}

/** Summarise models above 0.1 ms by one of their errors. */
export function summarise(graded: readonly GradedModel[], errorOf: (model: GradedModel) => number | undefined): Summary {
  const rows = graded
    .filter(({ measuredMs }) => measuredMs >= UNRELIABLE_BELOW_MS)
    .flatMap((model) => {
      const error = errorOf(model);
      return error === undefined ? [] : [{ ...model, error }];
    });
  const share = (holds: (row: GradedModel) => boolean): number => rows.filter(holds).length / rows.length;
  return {
    models: rows.length,
    rmspe: Math.sqrt(rows.reduce((sum, { error }) => sum + error ** 2, 0) / rows.length),
    acc5: share(({ error }) => Math.abs(error) <= 0.05),
    acc10: share(({ error }) => Math.abs(error) <= 0.1),
    in80: share(({ in80 }) => in80),
    in95: share(({ in95 }) => in95),
  };
}
