import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parsePredictor } from './predictor-file.ts';

// Made by `serialisePredictor` of nnm 0.1.0 (commit 53203fd) from 60 rows; the numbers are what that version answered.
const read = (name: string) => parsePredictor(readFileSync(new URL(`./__fixtures__/${name}`, import.meta.url), 'utf8'), { file: name });
const vectors = [
  [8, 4, 1000],
  [13, 12, 5000],
  [9, 5, 2500],
];

describe('predictor files of earlier versions', () => {
  it.each([
    [
      'format-2-boosting.json',
      [0.012514642011475776, 0.016963991850990165, 0.01412628597130417],
      { lowMs: 0.01583456302525534, highMs: 0.018014388617791484, coverage: 0.95 },
    ],
    [
      'format-2-forest.json',
      [0.012263000321884949, 0.01738416589796543, 0.014223833257953325],
      { lowMs: 0.015553351762066677, highMs: 0.019731350862329824, coverage: 0.95 },
    ],
  ])('answer as they did, to the last bit: %s', (name, latencies, interval) => {
    const predictor = read(name);
    expect(vectors.map((features) => predictor.predictOne(features))).toEqual(latencies);
    expect([...predictor.predictMany(vectors)]).toEqual(latencies);
    expect(predictor.interval(vectors[1]!, 0.95)).toEqual(interval);
  });
});
