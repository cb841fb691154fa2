import { Rng } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { NodeWriter } from '../regressors/node-writer.ts';
import { deserialiseEnsemble, serialiseEnsemble } from './ensemble-binary.ts';
import { predictRows } from './predict-rows.ts';
import { predictRow, type TreeEnsemble } from './tree-ensemble.ts';

/** Random trees: `spread` decides how often values repeat, `low` whether thresholds are negative. */
function drawEnsemble(trees: number, features: number, depth: number, { seed = 1, values = 1e9, low = 0 } = {}): TreeEnsemble {
  const rng = new Rng(seed);
  const draw = (): number => Math.fround(low + Math.floor(rng.float() * values) / values);
  const writer = new NodeWriter(2);
  const grow = (left: number): void => {
    if (left === 0 || rng.float() < 0.15) {
      writer.leaf(draw());
      return;
    }
    const self = writer.split(rng.integer(0, features - 1), draw());
    grow(left - 1);
    writer.continueRight(self);
    grow(left - 1);
  };
  for (let tree = 0; tree < trees; tree++) {
    writer.startTree();
    grow(depth);
  }
  return writer.finish(features, 0.25, 1 / trees);
}

describe('serialiseEnsemble', () => {
  it.each([
    ['few distinct values', drawEnsemble(20, 5, 8, { values: 100 })],
    ['many distinct values', drawEnsemble(20, 5, 8)],
    ['values that repeat beyond one byte', drawEnsemble(40, 5, 9, { values: 3000 })],
    ['more than 254 features', drawEnsemble(10, 900, 7)],
    ['trees of a single leaf', drawEnsemble(3, 1, 0)],
    ['negative thresholds', drawEnsemble(5, 3, 6, { low: -0.5 })],
  ])('gives back the same trees: %s', (_, ensemble) => {
    const { json, binary } = serialiseEnsemble(ensemble);
    const restored = deserialiseEnsemble({ json: JSON.parse(JSON.stringify(json)) as Record<string, unknown>, binary });
    expect(restored).toEqual(ensemble);
  });

  it('takes at most 5 bytes a node', () => {
    const ensemble = drawEnsemble(40, 8, 10);
    expect(serialiseEnsemble(ensemble).binary.length).toBeLessThan((ensemble.words.length / 2) * 5 + 64);
  });

  it('notices every way of being cut or changed that would break a prediction', () => {
    const { json, binary } = serialiseEnsemble(drawEnsemble(4, 3, 5, { values: 50 }));
    for (const length of [0, 1, 10, binary.length - 1]) {
      expect(() => deserialiseEnsemble({ json, binary: binary.slice(0, length) })).toThrow(RangeError);
    }
    expect(() => deserialiseEnsemble({ json, binary: Uint8Array.of(...binary, 0) })).toThrow('the trees are followed by unknown bytes');
    expect(() => deserialiseEnsemble({ json: { ...json, trees: 3 }, binary })).toThrow(RangeError);
    expect(() => deserialiseEnsemble({ json: { ...json, featureCount: 1 }, binary })).toThrow(/splits on feature/);
    expect(() => deserialiseEnsemble({ json: { ...json, layout: 2 }, binary })).toThrow(
      'the trees have layout 2, this version reads layout 1',
    );
    const changed = binary.slice();
    changed[0] = 0;
    expect(() => deserialiseEnsemble({ json, binary: changed })).toThrow(RangeError);
  });
});

describe('predictRows', () => {
  it.each([
    ['in lanes', 0, 1003],
    ['in lanes, several blocks', 0, 33_001],
    ['with negative thresholds', -0.5, 1003],
    ['a few rows', 0, 7],
    ['no row', 0, 0],
  ])('gives exactly what one by one gives: %s', (_, low, rows) => {
    const ensemble = drawEnsemble(13, 4, 9, { low, values: 200 });
    const rng = new Rng(3);
    // On the grid of the thresholds, so that rows equal to a threshold occur; negative rows and zeros too.
    const values = Float64Array.from({ length: rows * 4 }, () => low + Math.floor(rng.float() * 240 - 20) / 200);
    const expected = Array.from({ length: rows }, (__, row) => predictRow(ensemble, values.subarray(row * 4, row * 4 + 4)));
    expect([...predictRows(ensemble, { rows, columns: 4, values })]).toEqual(expected);
    expect(rows < 100 || new Set(expected).size > 20).toBe(true);
  });

  it('goes the way one by one goes for both zeros, infinities and NaN, with thresholds at zero', () => {
    const ensemble = drawEnsemble(13, 4, 9, { low: -0.5, values: 4 });
    for (let node = 0; node < ensemble.floats.length; node += 4) if (ensemble.floats[node] === 0) ensemble.floats[node] = -0;
    const rng = new Rng(3);
    const odd = [-0, 0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN, -0.25, 0.25];
    const values = Float64Array.from({ length: 4 * 600 }, () => rng.pick(odd));
    const expected = Array.from({ length: 600 }, (_, row) => predictRow(ensemble, values.subarray(row * 4, row * 4 + 4)));
    expect([...predictRows(ensemble, { rows: 600, columns: 4, values })]).toEqual(expected);
    expect(new Set(expected).size).toBeGreaterThan(20);
  });
});
