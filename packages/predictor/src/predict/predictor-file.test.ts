import { type AnyRegressor, defineRegressor, type FeatureMatrix, Rng } from '@nnm/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { trainPredictor } from '../training/train-predictor.ts';
import { predictInBatches } from './predict-in-batches.ts';
import type { Predictor } from './predictor.ts';
import { parsePredictor, serialisePredictor } from './predictor-file.ts';

const featureNames = ['HW', 'CIN', 'FLOPS'];
const rows = Array.from({ length: 60 }, (_, i) => {
  const features = [8 + (i % 6), 4 + (i % 9), 1000 * (1 + (i % 13))];
  return { id: `R${i}`, kernel: 'relu', features, latencyMs: 0.01 + features[2]! / 1e6 + features[0]! / 1e4 };
});

/** A plugin's regressor: the mean, kept in four bytes. */
const meanRegressor: AnyRegressor = defineRegressor<Record<string, never>>({
  id: 'mean',
  parseOptions: () => ({}),
  fit: ({ targets }) => fittedMean(Math.fround(targets.reduce((a, b) => a + b, 0) / targets.length)),
  deserialise: ({ binary }) => fittedMean(new DataView(binary.buffer, binary.byteOffset).getFloat32(0, true)),
});

function fittedMean(mean: number) {
  const binary = new Uint8Array(4);
  new DataView(binary.buffer).setFloat32(0, mean, true);
  return {
    predictOne: () => mean,
    predictMany: (features: FeatureMatrix) => new Float64Array(features.rows).fill(mean),
    serialise: () => ({ json: {}, binary }),
  };
}

let predictor: Predictor;
let text: string;
beforeAll(async () => {
  const options = { nEstimators: 30 };
  ({ predictor } = await trainPredictor({ rows, featureNames, kernelType: 'relu', backend: 'tflite_cpu', rng: new Rng(1), options }));
  text = serialisePredictor(predictor);
});

describe('predictor files', () => {
  it('come back whole: the same facts, the same predictions, the same text', () => {
    const restored = parsePredictor(text);
    expect(restored.manifest).toEqual(predictor.manifest);
    expect(rows.map(({ features }) => restored.predictOne(features))).toEqual(rows.map(({ features }) => predictor.predictOne(features)));
    expect(serialisePredictor(restored)).toBe(text);
  });

  it('name what they cannot be read as', () => {
    const code = 'ERR_INVALID_PREDICTOR_FILE';
    const attempts: [string, string][] = [
      [text.slice(0, -40), 'predictors/relu.json cannot be read as a predictor: it is not complete JSON.'],
      ['{"relu": {}}', 'predictors/relu.json cannot be read as a predictor: it lacks `"format": "nnm-predictor"`.'],
      ['[]', 'it lacks `"format"'],
      [text.replace('"featureNames"', '"features"'), '`featureNames` is missing or malformed'],
      [text.replace(/"launchMs": [\d.e-]+/, '"launchMs": null'), '`target` is missing or malformed'],
      [text.replace('"index": 2', '"index": 3'), '`target` uses a feature that does not exist'],
      [text.replace(/"binary": "..../, '"binary": "AAA!'), 'the fitted model in it is damaged (its checksum does not match)'],
      [text.replace(/"binary": "..../, '"binary": "////'), 'the fitted model in it is damaged'],
      [text.replace('"layout": 1', '"layout": 9'), 'the trees have layout 9'],
    ];
    for (const [damaged, message] of attempts) {
      expect(damaged).not.toBe(text);
      const read = () => parsePredictor(damaged, { file: 'predictors/relu.json' });
      expect(read).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) as string }));
    }
  });

  it('name both versions when the format is another one', () => {
    const newer = text.replace('"schemaVersion": 2', '"schemaVersion": 3');
    expect(() => parsePredictor(newer, { file: 'relu.json' })).toThrow(
      expect.objectContaining({
        code: 'ERR_PREDICTOR_SCHEMA_VERSION',
        message: 'relu.json was written by nnm 0.1.0 in predictor format 3; this nnm reads formats 1 to 2.',
        hint: 'Update @nnm/core.',
      }),
    );
  });

  it('of format 1, whose baseline has no costs beyond a size, are read', () => {
    const older = parsePredictor(text.replace('"schemaVersion": 2', '"schemaVersion": 1'));
    expect(older.predictOne(rows[0]!.features)).toBe(predictor.predictOne(rows[0]!.features));
  });

  it("find a plugin's regressor, or say which one is missing", async () => {
    const { predictor: plugged } = await trainPredictor({
      rows,
      featureNames,
      kernelType: 'relu',
      rng: new Rng(1),
      regressor: meanRegressor,
    });
    const file = serialisePredictor(plugged);
    const restored = parsePredictor(file, { regressor: (id) => (id === 'mean' ? meanRegressor : undefined) });
    expect(restored.predictOne(rows[0]!.features)).toBe(plugged.predictOne(rows[0]!.features));
    expect(() => parsePredictor(file)).toThrow(
      /made with the regressor "mean", which is not available\. Known: random-forest, gradient-boosting/,
    );
    const unknown = (): never => {
      throw new Error('no such id');
    };
    expect(() => parsePredictor(file, { regressor: unknown })).toThrow(expect.objectContaining({ code: 'ERR_MISSING_REGRESSOR' }));
  });

  it('hold their trees in little room', () => {
    expect(text.length).toBeLessThan(40_000);
  });
});

describe('predictor', () => {
  it('refuses feature vectors that do not fit', () => {
    expect(() => predictor.predictOne([1, 2])).toThrow('`features` must be 3 numbers (HW, CIN, FLOPS). Got "2 numbers".');
    expect(() => predictor.predictOne([1, Number.NaN, 2])).toThrow('`features.CIN` must be a finite number. Got NaN.');
    expect(() =>
      predictor.predictMany([
        [1, 2, 3],
        [1, 2],
      ]),
    ).toThrow('`features[1]` must be 3 numbers.');
    expect(() =>
      predictor.predictMany([
        [1, 2, 3],
        [1, 2, Number.POSITIVE_INFINITY],
      ]),
    ).toThrow('`features[1].FLOPS` must be a finite number.');
  });

  it('predicts many as it predicts one, in batches of any size', async () => {
    const vectors = rows.map(({ features }) => features);
    const expected = vectors.map((features) => predictor.predictOne(features));
    expect([...predictor.predictMany(vectors)]).toEqual(expected);
    const batches: { first: number; count: number }[] = [];
    const seen: number[] = [];
    for await (const { first, latenciesMs } of predictInBatches(predictor, vectors.values(), 25)) {
      batches.push({ first, count: latenciesMs.length });
      seen.push(...latenciesMs);
    }
    expect(seen).toEqual(expected);
    expect(batches).toEqual([
      { first: 0, count: 25 },
      { first: 25, count: 25 },
      { first: 50, count: 10 },
    ]);
  });

  it('puts the prediction between the ends of its intervals, the wider for more coverage', () => {
    const [narrow, wide] = [predictor.interval(rows[7]!.features, 0.8), predictor.interval(rows[7]!.features, 0.95)];
    expect(wide.lowMs).toBeLessThanOrEqual(narrow.lowMs);
    expect(wide.highMs).toBeGreaterThanOrEqual(narrow.highMs);
    expect(narrow.lowMs).toBeGreaterThan(0);
    expect(narrow.highMs).toBeGreaterThan(narrow.lowMs);
  });
});
