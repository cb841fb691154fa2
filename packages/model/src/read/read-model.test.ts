import { mkdir, mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tfliteCpu } from '@nnm/backend-tflite';
import { torchCpu } from '@nnm/backend-torch';
import { GraphBuilder } from '@nnm/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readModel } from './read-model.ts';

let folder = '';
const at = (name: string): string => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nnm-read-model-'));
  const g = new GraphBuilder('net');
  const graph = g.build(g.conv2d(g.input([1, 8, 8, 3]), 4, { kernelSize: 3 }));
  await writeFile(at('net.onnx'), torchCpu.convert(graph, 'torch'));
  await writeFile(at('net.tflite'), tfliteCpu.convert(graph));
  // By their content, whatever they are called.
  await writeFile(at('renamed.bin'), tfliteCpu.convert(graph));
  const layer = (inbound: string, path: string) => ({
    modelTopology: {
      node: [
        { name: 'x', op: 'Placeholder', attr: { shape: { shape: { dim: [{ size: '1' }, { size: '4' }] } }, dtype: { type: 'DT_FLOAT' } } },
        { name: 'y', op: 'Relu', input: [inbound] },
      ],
    },
    format: 'graph-model',
    weightsManifest: [{ paths: [path], weights: [] }],
  });
  await mkdir(at('js'));
  await writeFile(at('js/model.json'), JSON.stringify(layer('x', 'group1-shard1of1.bin')));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a file is read by its content', () => {
  it.each([
    ['net.onnx', 'onnx', 'Conv'],
    ['net.tflite', 'tflite', 'CONV_2D'],
    ['renamed.bin', 'tflite', 'CONV_2D'],
    ['js/model.json', 'tfjs', 'Relu'],
  ])('%s', async (name, format, operator) => {
    const model = await readModel(at(name));
    expect(model).toMatchObject({ name: path.basename(name), format });
    expect(model.nodes.map((node) => node.operator)).toContain(operator);
  });

  it('through a link, and twice at once', async () => {
    await symlink(at('net.onnx'), at('link.onnx')).catch(() => writeFile(at('link.onnx'), ''));
    const models = await Promise.all([readModel(at('net.onnx')), readModel(at('net.onnx'))]);
    expect(models[0]).toEqual(models[1]);
  });
});

describe('what is no model says so, by the name of the file', () => {
  const failure = (name: string) =>
    readModel(at(name)).then(
      () => undefined,
      (error: Error & { hint?: string; code?: string }) => error,
    );

  it.each<[string, string | Uint8Array, string]>([
    ['empty.onnx', '', 'empty.onnx is empty.'],
    ['weights.pth', 'PK\u0003\u0004rest', 'is a zip file, such as PyTorch and Keras write'],
    ['page.onnx', '<!doctype html>', 'is a web page or XML, not a model'],
    ['pointer.onnx', 'version https://git-lfs.github.com/spec/v1', 'is a pointer of Git LFS'],
    ['text.onnx', 'hello, world, this is no model at all', 'text.onnx '],
    ['short.tflite', 'xxxxTFL3', 'short.tflite '],
    ['half.json', '{"modelTopology": {', 'half.json '],
    ['other.json', '{"a": 1}', 'other.json '],
  ])('%s', async (name, content, message) => {
    await writeFile(at(name), content);
    const error = await failure(name);
    expect(error).toMatchObject({ code: 'ERR_INVALID_MODEL', message: expect.stringContaining(message), hint: expect.any(String) });
  });

  it('a file that is not there, with its path; a folder', async () => {
    expect(await failure('nowhere.onnx')).toMatchObject({
      message: 'nowhere.onnx is not there.',
      hint: `Check the path: ${at('nowhere.onnx')}`,
    });
    await mkdir(at('folder.onnx'));
    expect(await failure('folder.onnx')).toMatchObject({ code: 'ERR_INVALID_MODEL', message: expect.stringContaining('folder.onnx') });
  });

  it('a sparse file of three gigabytes, at once', async () => {
    const file = await open(at('huge.onnx'), 'w');
    await file.truncate(3 * 2 ** 30);
    await file.close();
    expect(await failure('huge.onnx')).toMatchObject({ message: expect.stringContaining('no model file has more than 2147483647') });
  });

  it('parts in files outside of the model’s folder are not opened', async () => {
    const text = JSON.stringify({
      format: 'graph-model',
      modelTopology: {
        node: [
          { name: 'c', op: 'Const' },
          { name: 'y', op: 'Reshape', input: ['x', 'c'] },
          { name: 'x', op: 'Placeholder' },
        ],
      },
      weightsManifest: [{ paths: ['../../secret.bin'], weights: [{ name: 'c', shape: [1], dtype: 'int32' }] }],
    });
    await writeFile(at('escape.json'), text);
    expect(await failure('escape.json')).toMatchObject({ code: 'ERR_INVALID_MODEL' });
  });
});
