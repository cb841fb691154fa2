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

/** A file that somebody edits. */
// biome-ignore lint/suspicious/noExplicitAny: it is edited into what it must not be
type Edited = any;

/** Where the numbers stand in a file, but for those that predictions do not use. */
function numberPaths(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value === 'number') return [[...path]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    key === 'options' || key === 'environment' ? [] : numberPaths(part, [...path, key]),
  );
}

function withValue(file: Edited, path: readonly (string | number)[], value: unknown): Edited {
  const parent = path.slice(0, -1).reduce((part, key) => part[key], file);
  parent[path.at(-1) as string] = value;
  return file;
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
      [text.replace('"featureNames"', '"features"'), '`featureNames` is missing'],
      [text.replace(/"launchMs": [\d.e-]+/, '"launchMs": null'), '`target.baseline.launchMs` must be a number of at least 0, got null'],
      [text.replace('"index": 2', '"index": 3'), '`target.baseline.costs[0]` is for FLOPS, but feature 3 is undefined'],
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

  it.each([
    [
      'low above high',
      (file: Edited) => Object.assign(file.intervals.bins[0].factors[3], { low: 2 }),
      'has its low factor 2 above its high factor',
    ],
    [
      'a high that shrinks',
      (file: Edited) => Object.assign(file.intervals.bins[0].factors[9], { high: 1e-9, low: 0 }),
      'is not wider for a coverage',
    ],
    [
      'a negative factor',
      (file: Edited) => Object.assign(file.intervals.bins[0].factors[0], { low: -1 }),
      'must be a number of at least 0, got -1',
    ],
    ['no intervals', (file: Edited) => Object.assign(file.intervals, { bins: [] }), '`intervals.bins` must be a list of at least 1'],
    ['an answer beyond all numbers', (file: Edited) => Object.assign(file.model.json, { base: 1e300 }), 'its model may answer Infinity ms'],
    ['a scale that is no number', (file: Edited) => Object.assign(file.model.json, { scale: '1' }), '`model.json.scale` must be'],
    [
      'trees of fewer features',
      (file: Edited) => Object.assign(file.model.json, { featureCount: 4 }),
      'its trees are for 4 features and `featureNames` has 3',
    ],
    ['a cost per unit out of this world', (file: Edited) => Object.assign(file.target.baseline, { launchMs: 1e300 }), 'makes 1e+300 ms'],
    ['a negative cost', (file: Edited) => Object.assign(file.target.baseline, { launchMs: -5 }), '`target.baseline.launchMs` must be'],
    ['a range the wrong way round', (file: Edited) => Object.assign(file.sampled.features[0], { min: 99 }), 'has its min 99 above its max'],
    ['features in another order', (file: Edited) => file.featureNames.reverse(), 'name different features'],
    ['a share above 1', (file: Edited) => Object.assign(file.metrics, { acc10: 1.5 }), '`metrics.acc10` must be a number from 0 to 1'],
  ])('are refused with what is wrong: %s', (_, edit, message) => {
    const file = JSON.parse(text);
    edit(file);
    expect(() => parsePredictor(JSON.stringify(file), { file: 'relu.json' })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_PREDICTOR_FILE', message: expect.stringContaining(message) }),
    );
  });

  it('never answer with what is no latency, whichever number is edited', () => {
    let refused = 0;
    let accepted = 0;
    for (const path of numberPaths(JSON.parse(text))) {
      for (const value of [-1, 1e300, -1e300, 0.5, null, 'x']) {
        const edited = JSON.stringify(withValue(JSON.parse(text), path, value));
        let predictor: Predictor;
        try {
          predictor = parsePredictor(edited);
        } catch (error) {
          expect((error as { code: string }).code, `${path.join('.')} = ${value}: ${error}`).toMatch(
            /^ERR_(INVALID_PREDICTOR_FILE|PREDICTOR_SCHEMA_VERSION)$/,
          );
          refused++;
          continue;
        }
        accepted++;
        for (const { features } of rows.slice(0, 3)) {
          const { lowMs, highMs } = predictor.interval(features, 0.5);
          expect(lowMs >= 0 && lowMs <= highMs && Number.isFinite(highMs), `${path.join('.')} = ${value}`).toBe(true);
          expect(predictor.predictOne(features)).toBeGreaterThan(0);
        }
      }
    }
    expect(refused).toBeGreaterThan(3 * accepted);
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
    expect(() => parsePredictor(file)).toThrow(/made with the regressor "mean", which is not available\./);
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

  it('knows an interval of every coverage, the wider for more', () => {
    const { features } = rows[7]!;
    const coverages = [1e-6, 0.05, 0.1, 0.33, 0.5, 0.51, 0.8, 0.81, 0.9, 0.95, 0.955, 0.99, 0.999, 1 - 1e-12];
    let narrower = { lowMs: Number.POSITIVE_INFINITY, highMs: 0 };
    for (const coverage of coverages) {
      const interval = predictor.interval(features, coverage);
      expect(interval.coverage).toBe(coverage);
      expect(interval.lowMs).toBeLessThanOrEqual(Math.min(narrower.lowMs, interval.highMs));
      expect(interval.highMs).toBeGreaterThanOrEqual(narrower.highMs);
      expect(interval.lowMs).toBeGreaterThan(0);
      expect(interval.highMs).toBeLessThan(Number.POSITIVE_INFINITY);
      narrower = interval;
    }
    expect(predictor.interval(features)).toEqual(predictor.interval(features, 0.8));
    expect(predictor.interval(features, 0.5).highMs).toBeLessThan(predictor.interval(features, 0.99).highMs);
  });

  it.each([0, 1, 2, -1, Number.NaN, Number.POSITIVE_INFINITY, '0.8'])('refuses a coverage of %s', (coverage) => {
    const message = '`coverage` must be a share above 0 and below 1, such as 0.8.';
    expect(() => predictor.interval(rows[7]!.features, coverage as number)).toThrow(message);
    expect(() => predictor.intervalAround(1, coverage as number)).toThrow(message);
  });

  it('of an earlier version knows two coverages, and says so of more', () => {
    const file = JSON.parse(text);
    for (const bin of file.intervals.bins)
      bin.factors = bin.factors.filter(({ coverage }: { coverage: number }) => [0.8, 0.95].includes(coverage));
    const older = parsePredictor(JSON.stringify(file));
    const { features } = rows[7]!;
    for (const coverage of [0.8, 0.95]) expect(older.interval(features, coverage)).toEqual(predictor.interval(features, coverage));
    expect(older.interval(features, 0.5)).toMatchObject({ ...predictor.interval(features, 0.8), coverage: 0.5 });
    expect(() => older.interval(features, 0.99)).toThrow(
      '`coverage` must be at most 0.95, which is all that this predictor knows. Got 0.99.',
    );
  });

  it('has no answer where its arithmetic ends', () => {
    const huge = [1e300, 4, 1.7e308];
    const file = JSON.parse(text);
    file.target.baseline.costs[0].msPerUnit = 1e3;
    const steep = parsePredictor(JSON.stringify(file));
    const expected = expect.objectContaining({ code: 'ERR_NO_LATENCY', message: expect.stringContaining('Infinity ms') });
    expect(() => steep.predictOne(huge)).toThrow(expected);
    expect(() => steep.predictMany([rows[0]!.features, huge])).toThrow(
      expect.objectContaining({ message: expect.stringContaining('features[1]') }),
    );
  });
});
