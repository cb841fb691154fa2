import { mkdir, mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tfliteCpu } from '@nnm/backend-tflite';
import { torchCpu } from '@nnm/backend-torch';
import { GraphBuilder } from '@nnm/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { liftModel } from '../lift/lift-model.ts';
import { integers, message, node, model as onnxFile, value, weights } from './onnx/__fixtures__/write-onnx.ts';
import { readModel } from './read-model.ts';
import { tfliteFile } from './tflite/__fixtures__/tflite-file.ts';

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

  it('a signature of a file that cannot have one', async () => {
    await writeFile(at('plain.onnx'), onnxFile({ nodes: [] }));
    await expect(readModel(at('plain.onnx'), { signature: 'serve' })).rejects.toThrow(
      'plain.onnx has no signature "serve", since it is no .tflite file.',
    );
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

/** A graph model of TensorFlow.js with one node behind its input. */
const tfjsFile = (input: string, node: object, shape: readonly number[] = [1, 4]): string =>
  JSON.stringify({
    format: 'graph-model',
    modelTopology: {
      node: [
        {
          name: input,
          op: 'Placeholder',
          attr: { dtype: { type: 'DT_FLOAT' }, shape: { shape: { dim: shape.map((size) => ({ size: String(size) })) } } },
        },
        { name: 'y', op: 'Relu', input: [input], ...node },
      ],
    },
  });

describe.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('%s is a word like any other', (word) => {
  const read = async (name: string, content: string | Uint8Array) => {
    await writeFile(at(name), content);
    return liftModel(await readModel(at(name))).ops;
  };
  const onnx = (nodes: readonly Uint8Array[], input = 'x') =>
    onnxFile({ inputs: [value(input, [1, 3, 8, 8])], outputs: [value('y', undefined)], constants: [integers('c', [1])], nodes });

  it('as the name of a value', async () => {
    expect(await read('value.onnx', onnx([node('Relu', [word], ['y'])], word))).toMatchObject([{ op: { inputs: [word] } }]);
    expect(await read('value.json', tfjsFile(word, {}))).toMatchObject([{ op: { inputs: [word] } }]);
  });

  it('as an operator, an activation, a mode', async () => {
    const gap = [{ gap: expect.any(String) }];
    expect(await read('operator.onnx', onnx([node(word, ['x'], ['y'])]))).toMatchObject(gap);
    expect(await read('of-constants.onnx', onnx([node(word, ['c'], ['k']), node('Add', ['x', 'k'], ['y'])]))).toHaveLength(2);
    expect(await read('domain.onnx', onnx([node(`com.microsoft::${word}`, ['x'], ['y'])]))).toMatchObject(gap);
    const resize = node('Resize', ['x', '', '', 'sizes'], ['y'], { mode: 'linear', coordinate_transformation_mode: word });
    expect(
      await read(
        'mode.onnx',
        onnxFile({
          inputs: [value('x', [1, 3, 8, 8])],
          outputs: [value('y', undefined)],
          constants: [integers('sizes', [1, 3, 16, 16])],
          nodes: [resize],
        }),
      ),
    ).toMatchObject(gap);
    expect(await read('operator.json', tfjsFile('x', { op: word }))).toMatchObject(gap);
    const fused = { op: '_FusedConv2D', attr: { fused_ops: { list: { s: [Buffer.from(word).toString('base64')] } } } };
    expect(await read('fused.json', tfjsFile('x', fused))).toMatchObject(gap);
    expect(await read('type.json', tfjsFile('x', { attr: { T: { type: word } } }))).toHaveLength(1);
  });
});

describe('sizes', () => {
  const message31 = /^huge\.\w+ has the value "\w+" of the shape .*, and no runtime holds more than 2147483647 elements in one\.$/;
  const huge = 2 ** 31 - 1;

  it.each<[string, string | Uint8Array]>([
    ['input.onnx', onnxFile({ inputs: [value('x', [1, huge, 2])], outputs: [value('y', undefined)], nodes: [node('Relu', ['x'], ['y'])] })],
    [
      'weight.onnx',
      onnxFile({
        inputs: [value('x', [1, 3, 8, 8])],
        outputs: [value('y', undefined)],
        constants: [message([1, huge], [1, 3], [1, 3], [1, 3], [2, 1], [8, 'w'])],
        nodes: [node('Conv', ['x', 'w'], ['y'])],
      }),
    ],
    [
      'result.onnx',
      onnxFile({
        inputs: [value('x', [1, 3, 8, 8])],
        outputs: [value('y', undefined)],
        constants: [integers('sizes', [1, 3, huge, huge])],
        nodes: [node('Resize', ['x', '', '', 'sizes'], ['y'])],
      }),
    ],
    [
      'strides.onnx',
      onnxFile({
        inputs: [value('x', [1, 3, 8, 8])],
        outputs: [value('y', undefined)],
        constants: [weights('w', [4, 3, 3, 3])],
        nodes: [node('Conv', ['x', 'w'], ['y'], { strides: [0, 0] })],
      }),
    ],
    [
      'both.tflite',
      tfliteFile({
        subgraphs: [
          {
            tensors: ['x', 'y'].map((name) => ({ name, shape: [1, huge, huge, 3] })),
            operators: [{ code: 19, inputs: [0], outputs: [1] }],
            inputs: [0],
            outputs: [1],
          },
        ],
      }),
    ],
    ['input.json', tfjsFile('x', {}, [2 ** 40, 2 ** 40])],
  ])('of %s are more than any runtime holds', async (name, content) => {
    const file = name.replace(/^\w+/, 'huge');
    await writeFile(at(file), content);
    await expect(readModel(at(file))).rejects.toMatchObject({ code: 'ERR_INVALID_MODEL', message: expect.stringMatching(message31) });
  });
});

it.each<[string, Parameters<typeof onnxFile>[0], string]>([
  ['an input', { inputs: [value('x', [1, 3]), value('x', [1, 4])], nodes: [node('Relu', ['x'], ['y'])] }, 'defines the value "x" twice'],
  [
    'a constant',
    { constants: [weights('w', [3]), weights('w', [1])], nodes: [node('Add', ['x', 'w'], ['y'])] },
    'defines the value "w" twice',
  ],
  ['a node without an operator', { nodes: [node('', ['x'], ['y'], {}, 'n')] }, 'has the node "n" without an operator'],
])('%s that nobody could tell apart is refused', async (_, parts, problem) => {
  await writeFile(at('odd.onnx'), onnxFile({ inputs: [value('x', [1, 3])], outputs: [value('y', undefined)], ...parts }));
  await expect(readModel(at('odd.onnx'))).rejects.toThrow(`odd.onnx ${problem}.`);
});
