import { Rng } from '@nnm/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { formulaBundle } from '../__fixtures__/formula-bundle.ts';
import { parseBundle, serialiseBundle } from './bundle-file.ts';

let text: string;
beforeAll(async () => {
  const calibration = {
    backend: 'formula',
    implement: 'tensorflow',
    batchSize: 1,
    environment: null,
    terms: { sum: 1.1, perKernelMs: 0.001, perWeightMbMs: 0, memoryBound: 0 },
    compositionError: 0.04,
    scale: 1,
    correlation: 0.3,
    networks: [{ name: 'a', latencyMs: 2, sumMs: 1.9, kernels: 9, weightBytes: 1, memoryBoundMs: 0, leftOutError: -0.02 }],
  } as const;
  text = serialiseBundle({ ...(await formulaBundle()), calibration, rules: { schemaVersion: 1, backend: 'formula' } });
});

describe('a bundle', () => {
  it('comes back as it was', () => {
    const { predictors, ...rest } = parseBundle(text);
    expect([...predictors.keys()]).toEqual(['relu', 'add']);
    expect(rest).toMatchObject({ backend: 'formula', batchSize: 1, calibration: { compositionError: 0.04 }, rules: { schemaVersion: 1 } });
    expect(serialiseBundle(parseBundle(text)) === text).toBe(true);
  });

  it('is refused when it is damaged anywhere, cut, or none', () => {
    const rng = new Rng(4);
    for (let trial = 0; trial < 60; trial++) {
      const at = rng.integer(0, text.length - 2);
      const changed = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);
      const isHarmless = at < text.indexOf('"checksum"');
      if (!isHarmless) expect(() => parseBundle(changed, { file: 'b.json' }), `at ${at}`).toThrow(/b\.json cannot be read as a bundle/);
    }
    expect(() => parseBundle(text.slice(0, 500), { file: 'b.json' })).toThrow('it is not complete JSON');
    expect(() => parseBundle('{"format":"nnm-predictor"}')).toThrow('it lacks `"format": "nnm-bundle"`');
    expect(() => parseBundle('null')).toThrow('it lacks `"format": "nnm-bundle"`');
  });

  it('of another version names both versions', () => {
    const newer = text.replace('"schemaVersion":1', '"schemaVersion":2');
    expect(() => parseBundle(newer, { file: 'b.json' })).toThrow(
      'b.json was written by nnm 0.1.0 in bundle format 2; this nnm reads format 1.',
    );
  });
});
