import { GraphBuilder, Rng } from '@nnm/core';
import { backendContract, randomTensors } from '@nnm/core/testing';
import { describe, expect, it } from 'vitest';
import { startOnce } from './__fixtures__/one-runtime.ts';
import { ortWasm } from './ort-wasm-backend.ts';
import start from './runtime-wasm.ts';

describe.each([
  { settings: {}, share: 1 },
  { settings: { THREADS: 2, GRAPH_OPTIMIZATION: 'disabled' }, share: 8 },
])('ort_wasm with $settings', ({ settings, share }) => {
  const shared = backendContract(ortWasm, { settings, factory: () => startOnce(settings) });
  for (const [index, { name, run }] of backendContract(ortWasm, { settings }).entries()) {
    const computes = name.includes(': computes ');
    if (!computes || index % share === 0) it(name, computes ? (shared[index]?.run ?? run) : run);
  }
});

const convGraph = () => {
  const g = new GraphBuilder('test', 7);
  return g.build(g.activation(g.conv2d(g.input([1, 14, 14, 128]), 224, { kernelSize: 3 }), 'relu'));
};

describe('a runtime of ort_wasm', () => {
  it('says what executes it, and what a call costs', async () => {
    const { info } = await startOnce({});
    const options = { provider: 'wasm', graphOptimization: 'all', engine: `V8 ${process.versions.v8}` };
    expect(info).toMatchObject({ runtime: 'ONNX Runtime Web', version: '1.30.0', threads: 1, options });
    expect(info.timing).toMatch(/about [\d.]+ microseconds of ONNX Runtime's own/);
  });

  it('runs synchronously', async () => {
    const model = await (await startOnce({})).load(ortWasm.convert(convGraph(), 'torch'));
    expect(model.run()).toBeUndefined();
    await model.close();
  });

  it('runs parts of networks as it runs whole models: it keeps no channels in blocks', async () => {
    const runtime = await startOnce({});
    const inputs = randomTensors(convGraph(), new Rng(1));
    const outputs = ['whole', 'part'].map(async (use) => {
      const model = await runtime.load(ortWasm.convert(convGraph(), 'torch', use as 'part'));
      return model.execute(inputs);
    });
    expect(await outputs[1]).toEqual(await outputs[0]);
  });

  it('refuses to run a model that was closed, on its own or with the runtime', async () => {
    const runtime = await start(ortWasm.parseSettings({}));
    const [one, two] = [
      await runtime.load(ortWasm.convert(convGraph(), 'torch')),
      await runtime.load(ortWasm.convert(convGraph(), 'torch')),
    ];
    await one.close();
    expect(() => one.run()).toThrow('ort_wasm failed while running a model: the model was closed.');
    await runtime.close();
    expect(() => two.run()).toThrow('the model was closed');
    expect(() => runtime.load(ortWasm.convert(convGraph(), 'torch'))).toThrow('the runtime was closed');
  });

  it('gives the reason of ONNX Runtime when a model cannot be loaded', async () => {
    const runtime = await startOnce({});
    expect(() => runtime.load(new TextEncoder().encode('no model'))).toThrow(/^ort_wasm failed while loading a model: /);
  });

  it('frees the memory of hundreds of models', async () => {
    const runtime = await startOnce({});
    const bytes = ortWasm.convert(convGraph(), 'torch');
    // A megabyte of weights: WebAssembly's memory never shrinks, so a leak shows in what it has grown to.
    const grown = async (loads: number): Promise<number> => {
      for (let i = 0; i < loads; i++) {
        const model = await runtime.load(bytes);
        if (i % 20 === 0) await model.run();
        await model.close();
      }
      return process.memoryUsage().arrayBuffers / 2 ** 20;
    };
    const before = await grown(20);
    expect((await grown(300)) - before).toBeLessThan(64);
  });
});
