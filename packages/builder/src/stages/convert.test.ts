import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRegistry, definePlugin, type Graph, runToEnd } from '@nnm/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { toyKernel } from '../../../core/src/kernel/__fixtures__/toy-kernels.ts';
import { SimulatedBackend } from '../__fixtures__/simulated-backend.ts';
import { type ConvertedSample, convertModels, memoryContext, profileModels, sampleKernel, workspaceContext } from '../index.ts';
import { createWorkspace, readWorkspaceConfig } from '../workspace/index.ts';

/** Counts what it converts, but for the reference model of the measurements. */
class CountingBackend extends SimulatedBackend {
  converted = 0;
  override convert(graph: Graph): Uint8Array {
    if (graph.name === 'toy') this.converted++;
    return super.convert(graph);
  }
}

let folder: string;
let backend: CountingBackend;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nnm convert '));
  backend = new CountingBackend();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const registryWith = (kernel = toyKernel('toy')) =>
  createRegistry([definePlugin({ name: 'toys', apiVersion: 1, kernels: [kernel], backends: [backend] })]);

async function openToys() {
  const workspace = await createWorkspace(path.join(folder, 'w'), { backend, kernels: ['toy'] });
  const registry = registryWith();
  const context = { ...workspaceContext(registry, workspace, await readWorkspaceConfig(workspace, registry)), workspace };
  const samples = await runToEnd(sampleKernel('toy', 6, { mark: 'test', samplingType: 'prior' }, context));
  return { context, samples, configFile: path.join(workspace.paths.results, 'toy_test.json') };
}

async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

it('takes the path of a config file, and keeps id, kernel and mark', async () => {
  const { context, samples, configFile } = await openToys();
  const converted = await collect(convertModels(configFile, context));
  expect(converted.map(({ id, kernel, mark, config }) => ({ id, kernel, mark, config }))).toEqual(samples);
  const models = (await readdir(context.workspace.paths.kernels)).filter((name) => name.endsWith('.sim'));
  expect(models).toEqual(samples.map(({ id }) => `toy_test_${id}.sim`).sort());
});

it('profileModels does not convert again what convertModels has converted', async () => {
  const { context, samples, configFile } = await openToys();
  const converted = await collect(convertModels(configFile, context));
  expect(backend.converted).toBe(6);
  const fromMemory = await runToEnd(profileModels(converted, context));
  expect(fromMemory.samples.map(({ status }) => status)).toEqual(samples.map(() => 'ok'));
  await rm(path.join(context.workspace.paths.results, 'toy.jsonl'));
  const fromDisk = await runToEnd(profileModels(configFile, context, { haveConverted: true, saveName: 'profiled_by_hand.json' }));
  expect(fromDisk.samples.map(({ status }) => status)).toEqual(samples.map(() => 'ok'));
  expect(backend.converted).toBe(6);
  const saved = JSON.parse(await readFile(path.join(context.workspace.paths.results, 'profiled_by_hand.json'), 'utf8'));
  expect(Object.keys(saved.toy).sort()).toEqual(samples.map(({ id }) => id).sort());
});

it('says so of a model that is not there, and of one that was made of another graph', async () => {
  const { context, samples, configFile } = await openToys();
  const first = await runToEnd(profileModels(configFile, context, { haveConverted: true }));
  expect(first.samples[0]).toMatchObject({
    status: 'failed',
    error: { code: 'ERR_NOT_CONVERTED', message: expect.stringMatching(/has not been converted/) },
  });
  await collect(convertModels(samples, context));
  await rm(path.join(context.workspace.paths.results, 'toy.jsonl'));
  const graphFile = path.join(context.workspace.paths.kernels, `toy_test_${samples[0]!.id}.json`);
  await writeFile(graphFile, (await readFile(graphFile, 'utf8')).replace('"relu"', '"relu6"'));
  const { samples: measured } = await runToEnd(profileModels(configFile, context, { haveConverted: true }));
  expect(measured[0]).toMatchObject({
    status: 'failed',
    error: { message: expect.stringMatching(/another graph than the kernel builds now/) },
  });
  expect(measured.slice(1).every(({ status }) => status === 'ok')).toBe(true);
});

it('a sample that could not be converted is a failed measurement', async () => {
  const context = memoryContext(registryWith(), { backend: 'simulated' });
  const failed: ConvertedSample = {
    id: 'A',
    kernel: 'toy',
    mark: 'x',
    config: { HW: 7, CIN: 16 },
    status: 'failed',
    error: new Error('no'),
  };
  const { samples } = await runToEnd(profileModels([failed], context));
  expect(samples[0]).toMatchObject({ status: 'failed', error: { message: expect.stringContaining('no') } });
  expect(backend.converted).toBe(0);
});

it.each([
  ['{"toy": {"A": {"config": {"HW": 7}}, "B": {"config": {"HW": 7.5, "CIN": 4}}}}', /A\.CIN: is missing\n.*B\.HW: must be an integer/],
  ['{}', /it holds no \{ "<kernel>"/],
  ['{"toi": {}}', /There is no kernel "toi"/],
])('a config file %s is refused', async (text, message) => {
  const file = path.join(folder, 'toy_x.json');
  await writeFile(file, text);
  await expect(collect(convertModels(file, memoryContext(registryWith(), { backend: 'simulated' })))).rejects.toThrow(message);
});

it('a saveName with a folder is refused', async () => {
  const { context, samples } = await openToys();
  await expect(runToEnd(profileModels(samples, context, { saveName: '../x.json' }))).rejects.toThrow(
    /`saveName` must be the name of a JSON file/,
  );
});
