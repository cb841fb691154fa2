import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { GraphBuilder, NnmError, RuntimeUnavailableError } from '@nnm/core';
import { readModel, writeModel } from '@nnm/tflite-format';
import { afterEach, expect, it, vi } from 'vitest';
import { bundledLibrary, describeNative, startNative } from './__fixtures__/native-runtime.ts';
import { tfliteCpu } from './index.ts';

afterEach(() => vi.unstubAllEnvs());

/** `relu(x + y)` on `[1, 1, 1, 3]`. */
function addRelu() {
  const g = new GraphBuilder('add-relu');
  return g.build(g.activation(g.add(g.input([1, 1, 1, 3]), g.input([1, 1, 1, 3])), 'relu'));
}

const tensor = (...values: readonly number[]) => ({ shape: [1, 1, 1, values.length], data: Float32Array.from(values) });

async function refusal(start: () => unknown): Promise<NnmError> {
  try {
    await start();
  } catch (error) {
    if (NnmError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describeNative('runtime', () => {
  it('says which library, version, delegate and thread count it uses', async () => {
    const runtime = await startNative({ THREADS: 2 });
    expect(runtime.info).toMatchObject({ runtime: 'TensorFlow Lite', version: '2.9.0', threads: 2, options: { delegate: 'xnnpack' } });
    expect(runtime.info.options.library).toMatch(/^tfjs-tflite-node@0\.0\.2\/cc_deps\/.+tensorflowlite_c\.(so|dylib|dll)$/);
    await runtime.close();
  });

  it('computes a sum and a relu', async () => {
    const runtime = await startNative();
    const model = await runtime.load(tfliteCpu.convert(addRelu()));
    const [output] = await model.execute([tensor(1, -2, 3), tensor(0.5, 1, -4)]);
    expect(output).toEqual({ shape: [1, 1, 1, 3], data: Float32Array.of(1.5, 0, 0) });
    await runtime.close();
  });

  it('gives the runtime’s own words when it refuses a model', async () => {
    const model = readModel(tfliteCpu.convert(addRelu()));
    const graph = model.subgraphs[0]!;
    const tensors = graph.tensors.map((item, index) => (index === 1 ? { ...item, shape: [1, 2, 2, 5] } : item));
    const runtime = await startNative({ DELEGATE: 'none' });
    const error = await refusal(() => runtime.load(writeModel({ ...model, subgraphs: [{ ...graph, tensors }] })));
    expect(error.code).toBe('ERR_RUNTIME_FAILURE');
    expect(error.message).toMatch(
      /^tflite_cpu failed while preparing a model: Given shapes, \[1,1,1,3\] and \[1,2,2,5\], are not broadcastable/,
    );
    await runtime.close();
  });

  it('refuses every cut-off file and goes on working', async () => {
    const file = tfliteCpu.convert(addRelu());
    const runtime = await startNative();
    for (let length = 0; length < file.length; length += 41) {
      const error = await refusal(() => runtime.load(file.slice(0, length)));
      expect(error.message).toContain('the bytes are not a valid .tflite file');
    }
    const model = await runtime.load(file);
    expect((await model.execute([tensor(1, 1, 1), tensor(1, 1, 1)]))[0]?.data).toEqual(Float32Array.of(2, 2, 2));
    await runtime.close();
  });

  it('refuses inputs of the wrong size or number', async () => {
    const runtime = await startNative();
    const model = await runtime.load(tfliteCpu.convert(addRelu()));
    const error = await refusal(() => model.execute([tensor(1, 2)]));
    expect(error.message).toBe(
      '`inputs` must be tensors of shape [1, 1, 1, 3] (float32) and [1, 1, 1, 3] (float32). Got "[1, 1, 1, 2] with 2 values".',
    );
    await runtime.close();
  });

  it('refuses a closed model and a closed runtime', async () => {
    const runtime = await startNative();
    const model = await runtime.load(tfliteCpu.convert(addRelu()));
    const other = await runtime.load(tfliteCpu.convert(addRelu()));
    await model.close();
    expect((await refusal(() => model.run())).message).toContain('the model was closed');
    await runtime.close();
    expect((await refusal(() => other.execute([tensor(1), tensor(1)]))).message).toContain('the model was closed');
    expect((await refusal(() => runtime.load(tfliteCpu.convert(addRelu())))).message).toContain('the runtime was closed');
  });

  it.skipIf(process.platform !== 'linux')('looks for memory to give back whenever a model is closed (needs Linux)', async () => {
    const runtime = await startNative();
    const model = await runtime.load(tfliteCpu.convert(addRelu()));
    const rss = vi.spyOn(process.memoryUsage, 'rss');
    await model.close();
    expect(rss).toHaveBeenCalledTimes(1);
    rss.mockRestore();
    await runtime.close();
  });

  it('keeps its memory flat over 300 loads', async () => {
    const g = new GraphBuilder('conv');
    const file = tfliteCpu.convert(g.build(g.conv2d(g.input([1, 8, 8, 128]), 256, { kernelSize: 3 })));
    const runtime = await startNative();
    const load = async (times: number): Promise<number> => {
      for (let i = 0; i < times; i++) await (await runtime.load(file)).close();
      return process.memoryUsage().rss / 1e6;
    };
    const before = await load(50);
    // One load holds 2.4 MB; keeping a third of it would show as 240 MB.
    expect((await load(300)) - before).toBeLessThan(80);
    await runtime.close();
  });
});

describeNative('library', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nnm-tflite-'));
  const text = join(folder, 'libtensorflowlite_c.so');
  writeFileSync(text, 'not a library');
  const extension = bundledLibrary?.slice(bundledLibrary.lastIndexOf('.'));
  const prefix = process.platform === 'win32' ? '' : 'lib';
  const origin = join(dirname(createRequire(import.meta.url).resolve('tfjs-tflite-node/package.json')), 'cc_deps');
  const otherLibrary = join(origin, basename(dirname(bundledLibrary ?? '')), `${prefix}external_delegate_obj${extension}`);
  const foreign = join(
    dirname(bundledLibrary ?? ''),
    '..',
    process.arch === 'arm64' ? 'linux_amd64' : 'linux_arm64',
    'libtensorflowlite_c.so',
  );

  it.each([
    [
      'is missing',
      join(folder, 'none.so'),
      /cannot be started: there is no file .*none\.so \(set by LIBRARY in configs\/backend_config\.yaml\)\.$/,
    ],
    ['is a text file', text, /cannot be started: .*libtensorflowlite_c\.so does not load on \S+ \(it is not a shared library\)\.$/],
    [
      'is for another platform',
      foreign,
      /cannot be started: .*libtensorflowlite_c\.so does not load on \S+ \(it is built for linux-\w+\)\.$/,
    ],
    [
      'is another one',
      otherLibrary,
      /cannot be started: .*external_delegate_obj.* is not a TensorFlow Lite C library \(.*TfLiteVersion.*\)\.$/,
    ],
  ])('that %s is named, with a hint', async (_, path, message) => {
    const error = await refusal(() => startNative({ LIBRARY: path }));
    expect(error).toBeInstanceOf(RuntimeUnavailableError);
    expect(error.message).toMatch(message);
    expect(error.hint).toContain('LIBRARY');
  });

  it('of the environment variable comes before that of the settings', async () => {
    vi.stubEnv('NNM_TFLITE_LIBRARY', bundledLibrary);
    const runtime = await startNative({ LIBRARY: text });
    expect(runtime.info.options.library).toBe(bundledLibrary);
    await runtime.close();
  });
});
