import { Rng } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { parsePredictor, serialisePredictor } from '../predict/predictor-file.ts';
import { outsideReasons } from '../predict/sampled-space.ts';
import { DEFAULT_TRAINING, TRAINING_PRESETS } from './default-training.ts';
import { splitByRecordId } from './split-by-record-id.ts';
import { type TrainPredictorOptions, trainPredictor } from './train-predictor.ts';
import type { TrainingRow } from './training-rows.ts';

const featureNames = ['HW', 'CIN', 'FLOPS', 'BYTES'];

/** A kernel whose latency is known up to noise: a launch cost, work, and tiles of 8 channels. */
function measure(count: number, seed: number, noise = 0.02): TrainingRow[] {
  const rng = new Rng(seed);
  return Array.from({ length: count }, (_, i) => {
    const hw = rng.pick([7, 14, 28, 56, 112]);
    const cin = rng.integer(3, 256);
    const flops = 18 * hw * hw * cin;
    const bytes = 8 * hw * hw * cin;
    const tiles = Math.ceil(cin / 8) * 8;
    const clean = 0.01 + (18 * hw * hw * tiles) / 2e7 + bytes / 1e7;
    const error = noise * Math.sqrt(-2 * Math.log(1 - rng.float())) * Math.cos(2 * Math.PI * rng.float());
    return {
      id: `R${seed}-${i}`,
      kernel: 'dwconv-bn-relu',
      features: [hw, cin, flops, bytes],
      latencyMs: clean * (1 + error),
      spreadMs: clean * noise,
    };
  });
}

const FAST = { nEstimators: 80, learningRate: 0.1, maxDepth: 4 };

function train(rows: readonly TrainingRow[], more: Partial<TrainPredictorOptions> = {}) {
  return trainPredictor({ rows, featureNames, kernelType: 'dwconv-bn-relu', family: 'dwconv', rng: new Rng(7), options: FAST, ...more });
}

describe('trainPredictor', () => {
  it('grades with rows the grader has not seen, and ships a predictor that has seen all', async () => {
    const rows = measure(300, 1);
    const { predictor, metrics, validation, crossValidated, problems, ceiling } = await train(rows);
    const expected = splitByRecordId(
      rows.map(({ id }) => id),
      0.2,
    )
      .validation.map((i) => rows[i]!.id)
      .sort();
    expect(validation.map(({ id }) => id)).toEqual(expected);
    expect(metrics.acc10).toBeGreaterThan(0.95);
    expect(crossValidated.map(({ id }) => id)).toEqual(rows.map(({ id }) => id).sort());
    expect(problems).toEqual([]);
    // 2 % noise: 98.8 % of labels lie within ±5 % of their true value.
    expect(ceiling!.acc5).toBeCloseTo(0.9876, 3);
    expect(predictor.manifest).toMatchObject({
      kernelType: 'dwconv-bn-relu',
      family: 'dwconv',
      kernels: ['dwconv-bn-relu'],
      samples: { given: 300, used: 300, validation: expected.length },
      seed: 7,
      regressor: { id: DEFAULT_TRAINING.regressor },
    });
    const seen = validation.map(({ features, latencyMs }) => Math.abs(predictor.predictOne(features) / latencyMs - 1));
    const unseen = validation.map(({ relativeError }) => relativeError);
    const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
    expect(mean(seen)).toBeLessThan(mean(unseen));
  });

  it('reports large errors of the validation rows only, worst first', async () => {
    const rows = measure(200, 2, 0.15);
    const { largeErrors, validation } = await train(rows, { largeErrorThreshold: 0.12 });
    const errors = largeErrors.map(({ relativeError }) => relativeError);
    expect(errors.length).toBeGreaterThan(3);
    expect(errors).toEqual([...errors].sort((a, b) => b - a));
    expect(largeErrors.length).toBe(validation.filter(({ relativeError }) => relativeError > 0.12).length);
  });

  it.each(['cross-validation', 'out-of-bag'] as const)('gives intervals that hold what they promise (%s)', async (source) => {
    const regressor = source === 'out-of-bag' ? 'random-forest' : 'gradient-boosting';
    const options = source === 'out-of-bag' ? { nEstimators: 80 } : FAST;
    const { predictor } = await train(measure(800, 3, 0.04), { regressor, options });
    expect(predictor.manifest.intervals.source).toBe(source);
    const test = measure(2000, 4, 0.04);
    for (const coverage of [0.8, 0.95] as const) {
      const inside = test.filter(({ features, latencyMs }) => {
        const { lowMs, highMs } = predictor.interval(features, coverage);
        return latencyMs >= lowMs && latencyMs <= highMs;
      });
      expect(inside.length / test.length).toBeGreaterThan(coverage - 0.05);
      expect(inside.length / test.length).toBeLessThan(Math.min(0.995, coverage + 0.07));
    }
  });

  it('learns the raw target as in the paper, less well', async () => {
    const rows = measure(300, 5);
    const { regressor, target, options } = TRAINING_PRESETS.paper;
    const paper = await train(rows, { regressor, target, options });
    const now = await train(rows);
    expect(paper.predictor.manifest.target.id).toBe('raw');
    expect(now.crossValidation.acc5).toBeGreaterThan(paper.crossValidation.acc5);
  });

  it('never predicts a latency of zero or less, even with a raw target', async () => {
    const { predictor } = await train(measure(100, 6), { target: 'raw' });
    for (const { features } of measure(300, 16)) expect(predictor.predictOne(features)).toBeGreaterThan(0);
  });

  it('is the same file for the same rows and seed, and another for another seed', async () => {
    const rows = measure(60, 8);
    const text = serialisePredictor((await train(rows)).predictor);
    expect(serialisePredictor((await train(rows)).predictor)).toBe(text);
    expect(serialisePredictor((await train(rows, { rng: new Rng(8) })).predictor)).not.toBe(text);
    const changed = rows.map((row, i) => (i === 0 ? { ...row, latencyMs: row.latencyMs * 1.001 } : row));
    expect((await train(changed)).predictor.manifest.dataHash).not.toBe(parsePredictor(text).manifest.dataHash);
  });

  it('flags configurations outside what was sampled', async () => {
    const { predictor } = await train(measure(400, 9));
    const rowOf = (hw: number, cin: number): number[] => [hw, cin, 18 * hw * hw * cin, 8 * hw * hw * cin];
    expect(predictor.outsideSampled(rowOf(56, 100))).toEqual([]);
    expect(predictor.outsideSampled(rowOf(224, 100))[0]).toBe('HW is 224, sampled were 7 to 112');
    // Each value was sampled, but never so many operations on so small an input.
    const impossible = [7, 3, 18 * 112 * 112 * 200, 8 * 7 * 7 * 3];
    expect(outsideReasons(predictor.manifest.sampled, impossible)).toEqual(['this combination of values is unlike any that was sampled']);
    for (const { features } of measure(400, 9)) expect(predictor.outsideSampled(features)).toEqual([]);
  });

  it('leaves bad rows out and reports them', async () => {
    const rows = measure(40, 10);
    const { predictor, problems } = await train([...rows, { ...rows[0]!, id: 'BAD', latencyMs: 0 }]);
    expect(problems).toMatchObject([{ kind: 'invalid-latency', ids: ['dwconv-bn-relu/BAD'] }]);
    expect(predictor.manifest.samples).toMatchObject({ given: 41, used: 40 });
  });

  it('says how many rows are missing, and why some were not counted', async () => {
    const rows = measure(6, 11).map((row, i) => (i < 3 ? { ...row, latencyMs: -1 } : row));
    await expect(train(rows)).rejects.toMatchObject({
      code: 'ERR_TOO_FEW_ROWS',
      message: expect.stringMatching(/needs at least 5 measured configurations; there are 3\. 3 rows were left out/) as string,
    });
    expect((await train(measure(5, 12))).validation.length).toBeGreaterThan(0);
  });

  it('names bad arguments', async () => {
    const rows = measure(20, 13);
    await expect(train(rows, { validationShare: 1 })).rejects.toThrow('`validationShare` must be above 0 and below 1. Got 1.');
    await expect(train(rows, { regressor: 'random-forrest' })).rejects.toMatchObject({ code: 'ERR_UNKNOWN_REGRESSOR' });
    await expect(train(rows, { target: 'log' as never })).rejects.toThrow(/`target` must be "raw" or "log-residual"/);
    await expect(train(rows, { options: { depth: 3 } })).rejects.toThrow(/`gradient-boosting.depth`/);
  });

  it('stops when asked to', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort());
    await expect(train(measure(200, 14), { signal: controller.signal, options: { nEstimators: 5000 } })).rejects.toMatchObject({
      code: 'ERR_ABORTED',
    });
  });
});

it('gives the same predictor to the last byte from the same rows in any order', async () => {
  const rows = Array.from({ length: 120 }, (_, i) => {
    const features = [8 + (i % 6), 4 + (i % 9), 1000 * (1 + (i % 13))];
    const latencyMs = (0.01 + features[2]! / 1e6 + features[0]! / 1e4) * (1 + ((i * 7) % 11) / 50);
    // Every second label has a known spread; two rows have an id in common.
    return { id: `R${i % 119}`, kernel: i % 3 === 0 ? 'b' : 'a', features, latencyMs, ...(i % 2 === 0 && { spreadMs: latencyMs / 20 }) };
  });
  const train = (given: typeof rows) =>
    trainPredictor({ rows: given, featureNames: ['HW', 'CIN', 'FLOPS'], kernelType: 'a', rng: new Rng(1) });
  const { predictor, metrics, ceiling, crossValidation, largeErrors } = await train(rows);
  for (const given of [rows.toReversed(), new Rng(3).shuffle(rows)]) {
    const other = await train(given);
    expect(serialisePredictor(other.predictor)).toBe(serialisePredictor(predictor));
    expect(other).toMatchObject({ metrics, ceiling, crossValidation, largeErrors });
  }
  expect(ceiling?.rows).toBe(60);
});
