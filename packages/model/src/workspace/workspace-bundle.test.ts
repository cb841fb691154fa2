import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tfliteCpu } from '@nnm/backend-tflite';
import { createWorkspace, openWorkspace } from '@nnm/builder';
import { DuplicateIdError, GRAPH_HASH_VERSION } from '@nnm/core';
import { serialisePredictor } from '@nnm/predictor';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { formulaBundle, formulaRegistry } from '../__fixtures__/formula-bundle.ts';
import { builtInRules, bundleRules } from '../predict/bundle-rules.ts';
import { writeRules } from './rules-file.ts';
import { likeliestEnvironment, workspaceBundle } from './workspace-bundle.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nnm-bundle-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('says which kernels have changed since their predictors learned from them', async () => {
  const place = path.join(folder, 'ws');
  await createWorkspace(place, { backend: tfliteCpu, kernels: ['relu'], kernelSettings: {} });
  const workspace = await openWorkspace(place);
  const { predictors } = await formulaBundle(['relu']);
  const predictor = predictors.get('relu')!;
  const graphs = [{ kernel: 'relu', config: { HW: 28, CIN: 64 }, hash: `g${GRAPH_HASH_VERSION}-of-another-block` }];
  const file = path.join(workspace.paths.predictors, 'relu.json');
  const setting = { registry: formulaRegistry, workspace, implement: 'tensorflow', batchSize: 1, backend: { id: 'formula' } } as const;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, serialisePredictor(predictor));
  expect((await workspaceBundle(setting)).problems).toEqual([]);
  await writeFile(file, serialisePredictor({ ...predictor, manifest: { ...predictor.manifest, graphs } }));
  expect((await workspaceBundle(setting)).problems).toEqual([
    expect.stringMatching(/^The block of relu has changed since its predictor learned/),
  ]);
});

it('names predictors that are left out, with the reason', async () => {
  const place = path.join(folder, 'twice');
  await createWorkspace(place, { backend: tfliteCpu, kernels: ['relu'], kernelSettings: {} });
  const workspace = await openWorkspace(place);
  const { predictors } = await formulaBundle(['relu', 'add']);
  await mkdir(workspace.paths.predictors, { recursive: true });
  for (const family of ['relu', 'add', 'add_prior']) {
    await writeFile(
      path.join(workspace.paths.predictors, `${family}.json`),
      serialisePredictor(predictors.get(family) ?? predictors.get('add')!),
    );
  }
  const twice = new DuplicateIdError({ what: 'kernel', id: 'add', owners: ['@nnm/kernels-misc', 'my-kernels'] });
  const registry = {
    ...formulaRegistry,
    kernels: formulaRegistry.kernels.filter(({ value }) => value.type !== 'add'),
    kernel(type: string) {
      if (type === 'add') throw twice;
      return formulaRegistry.kernel(type);
    },
  };
  const setting = { registry, workspace, implement: 'tensorflow', batchSize: 1, backend: { id: 'formula' } } as const;
  const { bundle, problems } = await workspaceBundle(setting);
  expect([...bundle.predictors.keys()]).toEqual(['relu']);
  expect(problems).toEqual([`The predictor of add is left out: ${twice.message} ${twice.hint}`]);
});

it('takes the environment that says how values lie in memory', () => {
  const of = (layout?: string) => ({ runtime: { runtime: 'ONNX Runtime', ...(layout && { layout }) } });
  expect(likeliestEnvironment([null, of(), of('nchwc8')])).toEqual(of('nchwc8'));
  expect(likeliestEnvironment([null, of()])).toEqual(of());
  expect(likeliestEnvironment([null])).toBeNull();
});

it('holds the rules of fusion that the workspace has of its own', async () => {
  const place = path.join(folder, 'ruled');
  await createWorkspace(place, { backend: tfliteCpu, kernels: ['relu'], kernelSettings: {} });
  const workspace = await openWorkspace(place);
  const setting = { registry: formulaRegistry, workspace, implement: 'tensorflow', batchSize: 1, backend: { id: 'formula' } } as const;
  expect((await workspaceBundle(setting)).bundle.rules).toBeUndefined();
  const [rules] = builtInRules('tflite_cpu');
  const file = await writeRules(workspace, { ...rules, backend: 'formula' });
  expect(bundleRules((await workspaceBundle(setting)).bundle)).toEqual({ ...rules, backend: 'formula' });
  await writeFile(file, '{"schemaVersion": 2}');
  await expect(workspaceBundle(setting)).rejects.toThrow(/fusion-rules\.json.*schema version 1/s);
});
