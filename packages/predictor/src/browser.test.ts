import { createContext, runInContext } from 'node:vm';
import { Rng } from '@nnm/core';
import { type BuildResult, build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Predictor, serialisePredictor } from './browser.ts';
import { trainPredictor } from './training/train-predictor.ts';

let bundle: BuildResult<{ write: false; metafile: true }>;
beforeAll(async () => {
  // What a web bundler does with `@nnm/predictor/browser`: a Node module would be an error here.
  bundle = await build({
    stdin: { contents: "export * from '@nnm/predictor/browser';", resolveDir: import.meta.dirname },
    conditions: ['@nnm/source'],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'nnm',
    minify: true,
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
});

describe('@nnm/predictor/browser', () => {
  it.each([true, false])('predicts where there is no Node: the same numbers from the same file (WebAssembly allowed: %s)', async (wasm) => {
    const rows = Array.from({ length: 400 }, (_, i) => {
      const features = [8 + (i % 6), 4 + (i % 9), 1000 * (1 + (i % 13))];
      return { id: `R${i}`, kernel: 'relu', features, latencyMs: 0.01 + features[2]! / 1e6 + features[0]! / 1e4 };
    });
    const { predictor } = await trainPredictor({ rows, featureNames: ['HW', 'CIN', 'FLOPS'], kernelType: 'relu', rng: new Rng(1) });
    // All that a page has of these; no process, no Buffer, no require.
    const globals = { atob, btoa, text: serialisePredictor(predictor), vectors: rows.map(({ features }) => features) };
    const page = createContext(globals, { codeGeneration: { wasm } });
    runInContext(bundle.outputFiles[0]!.text, page);
    const restored = runInContext('nnm.parsePredictor(text)', page) as Predictor;
    expect(Array.from(runInContext('nnm.parsePredictor(text).predictMany(vectors)', page) as Float64Array)).toEqual(
      Array.from(predictor.predictMany(rows.map(({ features }) => features))),
    );
    expect(restored.predictOne([9, 5, 2000])).toBe(predictor.predictOne([9, 5, 2000]));
    expect({ ...restored.interval([9, 5, 2000], 0.95) }).toEqual(predictor.interval([9, 5, 2000], 0.95));
    expect(runInContext('try { nnm.parsePredictor(text.slice(9)) } catch (error) { error.code }', page)).toBe('ERR_INVALID_PREDICTOR_FILE');
  });

  it('holds no training code and stays small', () => {
    const modules = Object.keys(bundle.metafile.inputs);
    expect(modules.filter((module) => /\/(regressors|training)\//.test(module))).toEqual([]);
    expect(modules.some((module) => module.endsWith('/predict/predictor-file.ts'))).toBe(true);
    expect(bundle.outputFiles[0]!.contents.length).toBeLessThan(28_000);
  });
});
