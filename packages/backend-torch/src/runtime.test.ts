import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Graph, GraphBuilder, Rng, type Runtime } from '@nnm/core';
import { randomTensors } from '@nnm/core/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { torchCpu } from './index.ts';
import { findLibrary } from './native/find-library.ts';
import start from './runtime.ts';

const startWith = (settings: object): Promise<Runtime> => Promise.resolve(start(torchCpu.parseSettings(settings)));

function build(write: (g: GraphBuilder) => string): Graph {
  const g = new GraphBuilder('test', 7);
  return g.build(write(g));
}

const convBnRelu = build((g) => g.activation(g.batchNorm(g.conv2d(g.input([1, 28, 28, 32]), 64, { kernelSize: 3 })), 'relu'));

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('a runtime', () => {
  it('says what it found and how it is called', async () => {
    const { info } = await startWith({ THREADS: 2, GRAPH_OPTIMIZATION: 'basic' });
    expect(info).toMatchObject({ runtime: 'ONNX Runtime', threads: 2 });
    expect(info.version).toMatch(/^1\.\d+\.\d+$/);
    expect(info.options).toMatchObject({ graphOptimization: 'basic', call: 'c_api', library: `onnxruntime-node@${info.version}` });
    expect(info.timing).toContain('C API');
    expect((await startWith({ CALL: 'javascript' })).info.timing).toMatch(/includes about \d+ microseconds of JavaScript/);
  });

  it('gives an answer that is the same through both ways of calling, to the last bit', async () => {
    const inputs = randomTensors(convBnRelu, new Rng(1));
    const outputs = await Promise.all(
      ['c_api', 'javascript'].map(async (CALL) => {
        const model = await (await startWith({ CALL })).load(torchCpu.convert(convBnRelu, 'torch'));
        const [output] = await model.execute(inputs);
        await model.close();
        return output;
      }),
    );
    expect(outputs[0]).toEqual(outputs[1]);
  });

  it('runs on ordinary numbers before any inputs are given', async () => {
    const runtime = await startWith({});
    const model = await runtime.load(torchCpu.convert(convBnRelu, 'torch'));
    expect(model.run()).toBeUndefined();
    await model.close();
    await runtime.close();
  });

  it('refuses to run a model that has been closed, on its own or with the runtime', async () => {
    const runtime = await startWith({});
    const [first, second] = [torchCpu, torchCpu].map((backend) => runtime.load(backend.convert(convBnRelu, 'torch')));
    const [one, two] = [await first!, await second!];
    one.close();
    expect(() => one.run()).toThrow('torch_cpu failed while running a model: the model has been closed.');
    expect(() => one.execute(randomTensors(convBnRelu, new Rng(1)))).toThrow('the model has been closed');
    await runtime.close();
    expect(() => two.run()).toThrow('the model has been closed');
    expect(() => runtime.load(torchCpu.convert(convBnRelu, 'torch'))).toThrow('the runtime has been closed');
  });

  it('names the input whose shape is wrong', async () => {
    const runtime = await startWith({});
    const model = await runtime.load(torchCpu.convert(convBnRelu, 'torch'));
    const wrong = [{ shape: [1, 32, 28, 28], data: new Float32Array(25088) }];
    expect(() => model.execute(wrong)).toThrow('`inputs[0]` must be of shape [1, 28, 28, 32]. Got "[1, 32, 28, 28] with 25088 elements".');
    expect(() => model.execute([])).toThrow('`inputs` must be 1 tensors. Got 0.');
    await runtime.close();
  });

  it('gives the reason of the library when a model cannot be loaded', async () => {
    const runtime = await startWith({});
    expect(() => runtime.load(new TextEncoder().encode('no model'))).toThrow(/^torch_cpu failed while loading a model: .*[Pp]rotobuf/);
    await runtime.close();
  });

  it('keeps its library through garbage collections, in a process where nothing else holds it', () => {
    const program = `
      import { GraphBuilder } from '@nnm/core';
      import { torchCpu } from '@nnm/backend-torch';
      import start from '@nnm/backend-torch/runtime';
      const g = new GraphBuilder('test');
      const model = torchCpu.convert(g.build(g.conv2d(g.input([1, 8, 8, 3]), 4, { kernelSize: 3 })), 'torch');
      const runtime = await start(torchCpu.parseSettings({ THREADS: 2, CALL: 'c_api' }));
      for (let i = 0; i < 3; i++) {
        // Finalizers run after the collection, before the next timer.
        gc();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      (await runtime.load(model)).run();
      console.log('alive');`;
    const flags = ['--expose-gc', '--import', 'tsx', '--conditions=@nnm/source', '--input-type=module'];
    expect(execFileSync(process.execPath, [...flags, '-e', program], { cwd: import.meta.dirname, encoding: 'utf8' })).toBe('alive\n');
  });

  it.skipIf(process.platform !== 'linux')('looks for memory to give back whenever a model is closed (needs Linux)', async () => {
    const runtime = await startWith({});
    const model = await runtime.load(
      torchCpu.convert(
        build((g) => g.input([1, 1])),
        'torch',
      ),
    );
    const rss = vi.spyOn(process.memoryUsage, 'rss');
    await model.close();
    expect(rss).toHaveBeenCalledTimes(1);
    rss.mockRestore();
    await runtime.close();
  });

  it.skipIf(process.platform !== 'linux')('frees the memory of hundreds of models (needs Linux)', async () => {
    const runtime = await startWith({});
    // 4 MB of weights, 0.8 MB of input, 1.4 MB of output: a leak of the smallest part is 400 MB. Freed memory may grow to 128 MB before
    // it is given back, and the garbage collector keeps some for a while.
    const bytes = torchCpu.convert(
      build((g) => g.conv2d(g.input([1, 28, 28, 256]), 448, { kernelSize: 3 })),
      'torch',
    );
    const residentMb = async (loads: number): Promise<number> => {
      for (let i = 0; i < loads; i++) {
        const model = await runtime.load(bytes);
        if (i % 50 === 0) model.run();
        model.close();
      }
      return process.memoryUsage.rss() / 2 ** 20;
    };
    const before = await residentMb(50);
    const after = await residentMb(500);
    expect(after - before).toBeLessThan(240);
    await runtime.close();
  });
});

describe('a library', () => {
  const textFile = (): string => {
    const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'nnm-')), 'libonnxruntime.so');
    writeFileSync(file, 'this is no library');
    return file;
  };

  it('may be given by settings or, with precedence, by the environment', async () => {
    const { file } = findLibrary('torch_cpu', undefined);
    expect((await startWith({ LIBRARY: file })).info.options.library).toBe(file);
    vi.stubEnv('NNM_ORT_LIBRARY', file);
    expect((await startWith({ LIBRARY: path.resolve('nowhere') })).info.options.library).toBe(file);
  });

  it.each([
    [
      'missing',
      () => path.join(os.tmpdir(), 'no', 'libonnxruntime.so'),
      /there is no file .*libonnxruntime\.so \(set by LIBRARY in configs/,
    ],
    ['not a library', textFile, /libonnxruntime\.so does not load on \S+ \(it is not a shared library\)\.$/],
    ['not ONNX Runtime', () => process.execPath, /is not ONNX Runtime \(|does not load on/],
  ])('that is %s is an error with a hint', async (_, file, reason) => {
    await expect(startWith({ LIBRARY: file() })).rejects.toMatchObject({
      code: 'ERR_RUNTIME_UNAVAILABLE',
      message: expect.stringMatching(reason),
      hint: expect.stringMatching(
        /^Set LIBRARY in configs\/backend_config.yaml to the path of an ONNX Runtime library for .*, or remove it/,
      ),
    });
  });

  it('that a variable names is an error that names the variable', async () => {
    vi.stubEnv('NNM_ORT_LIBRARY', textFile());
    await expect(startWith({})).rejects.toMatchObject({ hint: expect.stringContaining('Set the environment variable NNM_ORT_LIBRARY') });
  });

  it('of another path cannot be called through JavaScript', async () => {
    await expect(startWith({ CALL: 'javascript', LIBRARY: process.execPath })).rejects.toThrow(
      'CALL: javascript cannot use another library',
    );
  });
});
