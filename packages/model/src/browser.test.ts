import { createContext, runInContext } from 'node:vm';
import { GraphBuilder } from '@nnm/core';
import { type BuildResult, build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { formulaBundle, formulaRegistry } from './__fixtures__/formula-bundle.ts';
import { serialiseBundle } from './bundle/bundle-file.ts';
import { modelPredictor } from './predict/model-predictor.ts';

let bundle: BuildResult<{ write: false; metafile: true }>;
beforeAll(async () => {
  // What a web bundler does with the browser entry and a kernel package: a Node module would be an error here.
  bundle = await build({
    stdin: {
      contents:
        "export * from '@nnm/model/browser'; export { createRegistry } from '@nnm/core'; export { default as kernels } from '@nnm/kernels-misc';",
      resolveDir: import.meta.dirname,
    },
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

describe('@nnm/model/browser', () => {
  it('predicts a model where there is no Node: the same from the same bundle', async () => {
    const g = new GraphBuilder('two');
    const x = g.activation(g.input([1, 28, 28, 64]), 'relu');
    const graph = g.build(g.add(x, g.activation(x, 'relu')));
    const own = await formulaBundle();
    const here = modelPredictor({ bundle: own, registry: formulaRegistry }).predict(graph);
    const page = createContext({ atob, btoa, text: serialiseBundle(own), graph });
    runInContext(bundle.outputFiles[0]!.text, page);
    const total = runInContext(
      'nnm.predictModel(graph, { bundle: nnm.parseBundle(text), registry: nnm.createRegistry([nnm.kernels]) }).total.latencyMs',
      page,
    );
    expect(total).toBe(here.total.latencyMs);
    expect(runInContext('try { nnm.parseBundle(text.slice(9)) } catch (error) { error.code }', page)).toBe('ERR_INVALID_BUNDLE');
  });

  it('holds neither readers nor training nor zod, and stays small', () => {
    const modules = Object.keys(bundle.metafile.inputs);
    expect(modules.filter((module) => /\/(training|regressors|workspace|read)\/|node_modules\/zod\//.test(module))).toEqual([]);
    expect(bundle.outputFiles[0]!.contents.length).toBeLessThan(220_000);
  });
});
