import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import litert from '@nnm/backend-litert';
import tfjs from '@nnm/backend-tfjs';
import tflite from '@nnm/backend-tflite';
import torch from '@nnm/backend-torch';
import { buildConfigJsonSchema, createWorkspace, parseYaml, readWorkspaceConfig, type Workspace } from '@nnm/builder';
import { type AnyBackend, createRegistry } from '@nnm/core';
import deviceAdb from '@nnm/device-adb';
import deviceBrowser from '@nnm/device-browser';
import kernelsConv from '@nnm/kernels-conv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const registry = createRegistry([kernelsConv, tflite, torch, litert, tfjs, deviceAdb, deviceBrowser]);
const [tfliteCpu] = tflite.backends as readonly [AnyBackend];

let folder: string;
let workspace: Workspace;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nnm schema '));
  workspace = await createWorkspace(path.join(folder, 'w'), { backend: tfliteCpu, kernels: ['conv-bn-relu'], registry });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const parse = (text: string): object => parseYaml('a file', text).value as object;

const ajv = new Ajv2020({ allErrors: true });

/** The schema that a file's first line names, as an editor would find it. */
async function schemaOf(file: string): Promise<(value: unknown) => boolean> {
  const named = /^# yaml-language-server: \$schema=(\S+)\n/.exec(await readFile(file, 'utf8'))?.[1] ?? '';
  return ajv.compile(JSON.parse(await readFile(path.join(path.dirname(file), named), 'utf8')));
}

it('every backend describes its settings, with the defaults that it fills in', () => {
  for (const { value: backend } of registry.backends) {
    const properties = (backend.settingsSchema?.().properties ?? {}) as Record<string, { default?: unknown }>;
    const defaults = Object.entries(properties).flatMap(([key, { default: value }]) => (value === undefined ? [] : [[key, value]]));
    expect([backend.id, backend.parseSettings({})]).toEqual([backend.id, Object.fromEntries(defaults)]);
    expect(Object.keys(properties), backend.id).not.toEqual([]);
  }
});

const accepts = (): Promise<boolean> =>
  readWorkspaceConfig(workspace, registry).then(
    () => true,
    () => false,
  );

it('both files of a new workspace name a schema that lies beside them and accepts them', async () => {
  for (const file of [workspace.paths.buildConfig, workspace.paths.backendConfig]) {
    expect((await schemaOf(file))(parse(await readFile(file, 'utf8')))).toBe(true);
  }
});

it('offers the kernels that there are', () => {
  const { properties } = buildConfigJsonSchema(registry.kernels.map(({ value }) => value)) as {
    properties: { KERNELS: { properties: object } };
  };
  expect(Object.keys(properties.KERNELS.properties)).toEqual(registry.kernels.map(({ value }) => value.type));
});

const kernel = (lines: string): string => `IMPLEMENT: tensorflow\nKERNELS:\n  conv-bn-relu:\n    ${lines}\n`;

describe('the schema of predictorbuild_config.yaml says what nnm says of', () => {
  it.each([
    ['a kernel without numbers', 'IMPLEMENT: tensorflow\nKERNELS:\n  conv-bn-relu:\n', true],
    [
      'every key',
      `${kernel('INIT_SAMPLE_NUM: 10\n    FINEGRAINED_SAMPLE_NUM: 1\n    ITERATION: 1\n    ERROR_THRESHOLD: 10\n    HOLDOUT_SAMPLE_NUM: 0\n    SAMPLING: marginal\n    ADAPTIVE: original\n    MAX_FLOPS: 1\n    MAX_BYTES: 1\n    TRAINING: { PRESET: paper, TARGET: raw, OPTIONS: { nEstimators: 5 } }')}DETAIL: TRUE\nBATCH_SIZE: 4\n`,
      true,
    ],
    ['an unknown key', 'DETIAL: true\nIMPLEMENT: tensorflow\nKERNELS:\n  conv-bn-relu:\n', false],
    ['an unknown key of a kernel', kernel('ITERATON: 3'), false],
    ['no framework', 'KERNELS:\n  conv-bn-relu:\n', false],
    ['another framework', 'IMPLEMENT: caffe\nKERNELS:\n  conv-bn-relu:\n', false],
    ['no kernel', 'IMPLEMENT: tensorflow\nKERNELS: {}\n', false],
    ['kernels as a list', 'IMPLEMENT: tensorflow\nKERNELS: [conv-bn-relu]\n', false],
    ['a batch of none', 'IMPLEMENT: tensorflow\nBATCH_SIZE: 0\nKERNELS:\n  conv-bn-relu:\n', false],
    ['half a batch', 'IMPLEMENT: tensorflow\nBATCH_SIZE: 1.5\nKERNELS:\n  conv-bn-relu:\n', false],
    ['a text for DETAIL', 'IMPLEMENT: tensorflow\nDETAIL: maybe\nKERNELS:\n  conv-bn-relu:\n', false],
    ['too few samples', kernel('INIT_SAMPLE_NUM: 9'), false],
    ['more samples than memory holds', kernel('INIT_SAMPLE_NUM: 1000001'), false],
    ['a number as text', kernel('INIT_SAMPLE_NUM: many'), false],
    ['no round', kernel('ITERATION: 0'), false],
    ['rounds as text', kernel('ITERATION: x'), false],
    ['an error of 0', kernel('ERROR_THRESHOLD: 0'), false],
    ['an error in percent', kernel('ERROR_THRESHOLD: 15'), false],
    ['another way to sample', kernel('SAMPLING: random'), false],
    ['another rule', kernel('ADAPTIVE: never'), false],
    ['a limit of 0', kernel('MAX_FLOPS: 0'), false],
    ['an unknown preset', kernel('TRAINING: { PRESET: best }'), false],
    ['an unknown target', kernel('TRAINING: { TARGET: squared }'), false],
    ['an unknown key of TRAINING', kernel('TRAINING: { REGRESOR: random-forest }'), false],
    ['TRAINING as text', kernel('TRAINING: paper'), false],
  ])('%s', async (_, text, isFine) => {
    await writeFile(workspace.paths.buildConfig, text);
    const validate = ajv.compile(buildConfigJsonSchema());
    expect([await accepts(), validate(parse(text))]).toEqual([isFine, isFine]);
  });
});

describe('the schema of backend_config.yaml says what nnm says of', () => {
  it.each([
    ['tflite_cpu', 'THREADS: 2\nDELEGATE: none\nDIMENSIONS: { image.1: 320 }\nINPUTS: { a: 1, b: [1, 2] }\n', true],
    ['tflite_cpu', '', true],
    ['tflite_cpu', 'DEVICE: here\n', true],
    ['tflite_cpu', 'DEVICE: my phone\n', false],
    ['tflite_cpu', `LIBRARY: ${JSON.stringify(path.resolve('a.so'))}\n`, true],
    ['tflite_cpu', 'LIBRARY: a.so\n', false],
    ['tflite_cpu', 'THREADS: 0\n', false],
    ['tflite_cpu', 'THREADS: 257\n', false],
    ['tflite_cpu', 'DELEGATE: gpu\n', false],
    ['tflite_cpu', 'THREDS: 1\n', false],
    ['tflite_cpu', 'INPUTS: { a: [] }\n', false],
    ['tflite_cpu', 'DIMENSIONS: { a: 0 }\n', false],
    ['torch_cpu', 'GRAPH_OPTIMIZATION: basic\nCALL: c_api\nTHREADS: 4\nLIBRARY:\n', true],
    ['torch_cpu', 'GRAPH_OPTIMIZATION: most\n', false],
    ['torch_cpu', 'CALL: python\n', false],
    ['litert_wasm', 'THREADS: 2\nSIMD: plain\nINPUTS: { a: 1 }\n', true],
    ['litert_wasm', 'DEVICE: browser\nBROWSER: link\n', true],
    ['litert_wasm', 'SIMD: wide\n', false],
    ['litert_wasm', 'DELEGATE: none\n', false],
    ['litert_webgpu', 'THREADS: 65\n', false],
    ['ort_wasm', 'THREADS: 2\nGRAPH_OPTIMIZATION: extended\nDIMENSIONS: { height: 320 }\n', true],
    ['ort_wasm', 'CALL: c_api\n', false],
    ['ort_webgpu', 'GRAPH_OPTIMIZATION: most\n', false],
    ['tfjs_wasm', 'THREADS: 2\nSIMD: FALSE\nDIMENSIONS: { image.1: 320 }\n', true],
    ['tfjs_wasm', 'SIMD: plain\n', false],
    ['tfjs_cpu', 'DEVICE: host\n', true],
    ['tfjs_cpu', 'THREADS: 1\n', false],
    ['tfjs_node', 'THREADS: 2\n', true],
    ['tfjs_webgl', 'DEVICE: browser\nCLOCK: wall\n', true],
    ['tfjs_webgpu', 'CLOCK: sun\n', false],
  ])('%s with %j', async (id, settings, isFine) => {
    const backend = registry.backend(id);
    const other = await createWorkspace(path.join(folder, `${id}-${Math.abs(hash(settings))}`), {
      backend,
      kernels: ['conv-bn-relu'],
      registry,
    });
    const validate = await schemaOf(other.paths.backendConfig);
    const text = `BACKEND: ${id}\n${settings}`;
    await writeFile(other.paths.backendConfig, text);
    const isAccepted = await readWorkspaceConfig(other, registry).then(
      () => true,
      () => false,
    );
    expect([isAccepted, validate(parse(text))]).toEqual([isFine, isFine]);
    expect(validate({ ...parse(text), BACKEND: 'other' })).toBe(false);
  });
});

const hash = (text: string): number => [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7);
