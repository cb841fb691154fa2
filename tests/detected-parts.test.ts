import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tfjsCpu } from '@nnm/backend-tfjs';
import { tfliteCpu } from '@nnm/backend-tflite';
import { torchCpu } from '@nnm/backend-torch';
import { type AnyBackend, countWork, createRegistry, type Graph, inferShapes, kernelFamily, NnmError } from '@nnm/core';
import { edgeGraphs } from '@nnm/core/testing';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import kernelsTensor from '@nnm/kernels-tensor';
import kernelsTransformer from '@nnm/kernels-transformer';
import {
  builtInRules,
  detectKernels,
  type LiftedModel,
  type LiftedOp,
  liftKernelGraph,
  liftModel,
  Recogniser,
  readModel,
} from '@nnm/model';
import { network, networkNames } from '@nnm/zoo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { knownShapes } from '../tools/bench/src/model-files/model-settings.ts';
import { modelName, READ_MODELS } from '../tools/bench/src/model-files/try-model.ts';

const { kernels } = createRegistry([kernelsConv, kernelsMisc, kernelsTensor, kernelsTransformer]);
const recogniser = new Recogniser(kernels.map(({ value }) => value));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nnm-parts-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** What is wrong with the graphs of a model's parts: they are what is estimated, measured and hashed. */
function problemsOf(lifted: LiftedModel, backend: string): readonly string[] {
  const parts = detectKernels(lifted, builtInRules(backend).at(-1)!, recogniser);
  return parts.flatMap(({ graph, ops }) => {
    if (graph === undefined) return [];
    const problem = problemOf(
      graph,
      ops.map((at) => lifted.ops[at] as LiftedOp),
    );
    return problem === undefined ? [] : [`${graph.ops.map(({ op }) => op).join('+')}: ${problem}`];
  });
}

function problemOf(graph: Graph, ops: readonly LiftedOp[]): string | undefined {
  try {
    const shapes = inferShapes(graph);
    const { flops, params, bytes } = countWork(graph);
    if (![flops, params, bytes].every(Number.isFinite)) return `its work is ${flops}, ${params}, ${bytes}`;
    const made = graph.ops.filter(({ op }) => op !== 'constant').map(({ outputs }) => outputs.map((id) => shapes.get(id)));
    const said = ops.map(({ outputShapes }) => outputShapes);
    return JSON.stringify(made) === JSON.stringify(said) ? undefined : `it makes ${JSON.stringify(made)}, not ${JSON.stringify(said)}`;
  } catch (error) {
    if (NnmError.isInstance(error)) return error.message;
    throw error;
  }
}

/** Undefined for a graph that the backend refuses. */
async function attempt<T>(convert: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await convert();
  } catch (error) {
    if (NnmError.isInstance(error) && error.code === 'ERR_UNSUPPORTED_OPERATOR') return undefined;
    throw error;
  }
}

/** By the rules of the runtime that reads the format. */
const RUNTIMES = { onnx: 'torch_cpu', tflite: 'tflite_cpu', tfjs: 'tfjs_cpu' } as const;

describe('every part of a model is a graph that core takes', () => {
  it.each(networkNames)('%s', (name) => {
    const graph = network(name);
    expect(problemsOf(liftKernelGraph(graph, { implement: 'tensorflow' }), 'tflite_cpu')).toEqual([]);
    expect(problemsOf(liftKernelGraph(graph, { implement: 'torch' }), 'torch_cpu')).toEqual([]);
  });

  it.each([tfliteCpu, torchCpu, tfjsCpu])('every operator, as $id has it in its files', async (backend: AnyBackend) => {
    const file = path.join(folder, `edge${backend.modelExtension}`);
    const problems: string[] = [];
    for (const { name, graph } of edgeGraphs()) {
      const bytes = await attempt(() => backend.convert(graph, backend.implement[0]));
      if (bytes === undefined) continue;
      await writeFile(file, bytes);
      // Kernels are learned anew for every batch size, and whether graphs are valid does not depend on it.
      const lifted = { ...liftModel(await readModel(file)), batchSize: 1 };
      problems.push(...problemsOf(lifted, backend.id).map((problem) => `${name}: ${problem}`));
    }
    expect(problems).toEqual([]);
  });

  /** Fetched by `npm run bench -- reading`. */
  const FILES = 'bench-results/model-files';
  const files = existsSync(FILES) ? readdirSync(FILES, { recursive: true, encoding: 'utf8' }).filter((file) => READ_MODELS.test(file)) : [];

  it.each(files)('%s', async (file) => {
    const model = await readModel(path.join(FILES, file), { shapes: knownShapes(modelName(file)) });
    expect(problemsOf(liftModel(model), RUNTIMES[model.format as keyof typeof RUNTIMES])).toEqual([]);
  });
});

it('the example of a slow model has the kernels that nnm finds in it', async () => {
  const file = createRequire(import.meta.url).resolve('@mediapipe/selfie_segmentation/selfie_segmentation.tflite');
  const lifted = liftModel(await readModel(file));
  // The bundle of the example has a predictor of convolutions, which stands for their hard swishes as well.
  const parts = detectKernels(lifted, builtInRules('tflite_cpu')[0], recogniser, (kernel) => kernelFamily(kernel) === 'conv');
  const timesOf = new Map<string, number>();
  for (const { match } of parts) {
    if (match === undefined) continue;
    const row = `${match.kernel} ${Object.entries(match.config)
      .map(([key, value]) => `${key}=${value}`)
      .join(' ')}`;
    timesOf.set(row, (timesOf.get(row) ?? 0) + 1);
  }
  const text = await readFile('docs/models.md', 'utf8');
  const shown = [...text.matchAll(/^([a-z][a-z-]*) +([A-Z_]+=\d[A-Z_=\d ]*?) +(\d+) +[\d.]+ ms +[\d.]+ % /gm)];
  expect(shown.length).toBeGreaterThan(5);
  for (const [, kernel, config, times] of shown) expect([config, timesOf.get(`${kernel} ${config}`)]).toEqual([config, Number(times)]);
  expect(text).toContain(`\n${parts.length} kernels; `);
});
