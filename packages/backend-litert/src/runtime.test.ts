import { GraphBuilder, Rng } from '@nnm/core';
import { maxRelativeError, randomTensors, runReference } from '@nnm/core/testing';
import { lowerGraph, writeModel } from '@nnm/tflite-format';
import { describe, expect, it, vi } from 'vitest';
import { startOnce } from './__fixtures__/one-runtime.ts';
import { litertWasm } from './index.ts';
import start from './runtime.ts';

const convGraph = () => {
  const g = new GraphBuilder('test', 7);
  return g.build(g.activation(g.conv2d(g.input([1, 14, 14, 128]), 224, { kernelSize: 3 }), 'relu'));
};

describe('a runtime', () => {
  it('says which build runs in which engine, and what a call costs', async () => {
    const { info } = await startOnce({});
    const options = { delegate: 'xnnpack', build: expect.stringContaining('SIMD'), engine: `V8 ${process.versions.v8}` };
    expect(info).toMatchObject({ runtime: 'LiteRT.js', version: '2.5.3', threads: 1, options });
    expect(info.timing).toMatch(/about [\d.]+ microseconds of LiteRT's own/);
    expect((await startOnce({ SIMD: 'plain' })).info.options.build).toBe('SIMD');
    expect((await startOnce({ THREADS: 2 })).info).toMatchObject({ threads: 2, options: { build: 'relaxed SIMD and threads' } });
  });

  it('has threads where Node has a navigator, as it has since version 21', async () => {
    vi.stubGlobal('navigator', { userAgent: 'Node.js/22' });
    try {
      const runtime = await start(litertWasm.parseSettings({ THREADS: 2 }));
      expect(runtime.info.threads).toBe(2);
      await runtime.close();
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('runs synchronously and computes what the reference does', async () => {
    const graph = convGraph();
    const inputs = randomTensors(graph, new Rng(1));
    const model = await (await startOnce({})).load(litertWasm.convert(graph));
    expect(model.run()).toBeUndefined();
    expect(maxRelativeError(await model.execute(inputs), runReference(graph, inputs, 'tensorflow'))).toBeLessThan(1e-5);
    await model.close();
  });

  it('refuses to run a model that was closed, on its own or with the runtime', async () => {
    const runtime = await start(litertWasm.parseSettings({}));
    const [one, two] = [await runtime.load(litertWasm.convert(convGraph())), await runtime.load(litertWasm.convert(convGraph()))];
    await one.close();
    expect(() => one.run()).toThrow('litert_wasm failed while running a model: the model was closed.');
    await runtime.close();
    expect(() => two.run()).toThrow('the model was closed');
    expect(() => runtime.load(litertWasm.convert(convGraph()))).toThrow('the runtime was closed');
  });

  it('gives the reason of LiteRT when a model cannot be loaded', async () => {
    const runtime = await startOnce({});
    const whole = litertWasm.convert(convGraph());
    for (const bytes of [new TextEncoder().encode('no model at all'), whole.subarray(0, 2000), new Uint8Array(0)])
      expect(() => runtime.load(bytes)).toThrow(/^litert_wasm failed while loading a model: .*Failed to load model from buffer/);
  });

  it('names an operator that LiteRT does not have', async () => {
    const model = lowerGraph(convGraph());
    const newer = { ...model, operatorCodes: model.operatorCodes.map((code) => ({ ...code, version: 99 })) };
    const runtime = await startOnce({});
    expect(() => runtime.load(writeModel(newer))).toThrow(/CONV_2D.*version '99'/);
  });

  it('refuses a model that lists an output twice, which LiteRT writes once', async () => {
    const g = new GraphBuilder('twice');
    const y = g.softmax(g.input([1, 4]));
    const file = litertWasm.convert(g.build(y, y));
    await expect(async () => (await startOnce({})).load(file)).rejects.toThrow(/output 1 is its output 0 once more/);
  });

  it('refuses a model that hands an input through, which LiteRT does not copy', async () => {
    const g = new GraphBuilder('through');
    const x = g.input([1, 4]);
    const file = litertWasm.convert(g.build(x, g.activation(x, 'relu')));
    await expect(async () => (await startOnce({})).load(file)).rejects.toThrow(/output 0 is its input 0, which LiteRT hands out unwritten/);
  });

  it('names the input whose shape is wrong', async () => {
    const model = await (await startOnce({})).load(litertWasm.convert(convGraph()));
    const wrong = [{ shape: [1, 128, 14, 14], data: new Float32Array(25088) }];
    expect(() => model.execute(wrong)).toThrow(
      '`inputs[0]` must be of shape [1, 14, 14, 128]. Got "[1, 128, 14, 14] with 25088 elements".',
    );
    expect(() => model.execute([])).toThrow('`inputs` must be 1 tensors. Got 0.');
    await model.close();
  });

  it('frees the memory of hundreds of models', async () => {
    const runtime = await startOnce({});
    const bytes = litertWasm.convert(convGraph());
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

describe('settings', () => {
  it('have their defaults, and are all named when they are wrong', () => {
    expect(litertWasm.parseSettings(null)).toEqual({ THREADS: 1, SIMD: 'auto' });
    expect(() => litertWasm.parseSettings({ THREADS: 0, SIMD: 'wide', SIM: 1 })).toThrow(
      'The settings of litert_wasm are not valid: THREADS must be an integer from 1 to 64, got 0; SIMD must be one of auto, relaxed, plain, got "wide"; SIM is not a setting; did you mean SIMD?.',
    );
  });
});
