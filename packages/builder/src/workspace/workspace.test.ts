import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  BaseBackend,
  BaseBlock,
  BaseConfigSampler,
  BaseFeatureParser,
  createRegistry,
  defineKernel,
  definePlugin,
  GraphBuilder,
  InvalidSettingsError,
  NnmError,
} from '@nnm/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorkspace, findWorkspace, openWorkspace, readWorkspaceConfig, type Workspace } from './index.ts';

interface ReluConfig extends Record<string, number> {
  CIN: number;
}

class ReluBlock extends BaseBlock<ReluConfig> {
  override get inputShape() {
    return [this.config.CIN];
  }
  getModel() {
    const g = new GraphBuilder('relu');
    return g.build(g.activation(g.input([this.batchSize, ...this.inputShape]), 'relu'));
  }
}
class NoSampler extends BaseConfigSampler<ReluConfig> {
  priorConfigSampling() {
    return [];
  }
  finegrainedConfigSampling() {
    return [];
  }
}
class CinParser extends BaseFeatureParser<ReluConfig> {
  neededConfig = ['CIN'] as const;
  featureNames = ['CIN'];
  getFeatureByConfig = (config: ReluConfig) => [config.CIN];
  override getConfigByFeature = ([CIN = 0]: readonly number[]) => ({ CIN });
}
const relu = (type: string) =>
  defineKernel({
    type,
    configSpace: { CIN: { min: 1, max: 9 } },
    block: ReluBlock,
    sampler: new NoSampler(),
    features: new CinParser(type),
  });

class TestBackend extends BaseBackend<{ threads: number }> {
  readonly id = 'test_cpu';
  readonly description = 'for tests';
  readonly implement = ['tensorflow'] as const;
  readonly modelExtension = '.bin';
  readonly settingsTemplate = 'THREADS: 1 # how many\n';
  parseSettings(raw: unknown) {
    const threads = (raw as { THREADS?: unknown }).THREADS ?? 1;
    if (typeof threads !== 'number') {
      throw new InvalidSettingsError({ backend: this.id, problems: [{ key: 'THREADS', message: 'must be a number' }] });
    }
    return { threads };
  }
  convert() {
    return new Uint8Array();
  }
  runtime = () => {
    throw new Error('not needed here');
  };
}

const backend = new TestBackend();
const registry = createRegistry([
  definePlugin({ name: 'test', apiVersion: 1, kernels: [relu('relu'), relu('hswish')], backends: [backend] }),
]);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nnm workspace '));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function failure(promise: Promise<unknown>): Promise<NnmError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!NnmError.isInstance(error)) throw new Error(`expected an NnmError, got ${String(error)}`);
  return error;
}

describe('createWorkspace', () => {
  it('makes files that read back as the defaults, even in a folder with a space', async () => {
    await createWorkspace(folder, { backend, kernels: ['relu'], seed: 7 });
    const workspace = await openWorkspace(folder);
    expect(workspace.manifest).toMatchObject({ schemaVersion: 2, seed: 7 });
    const config = await readWorkspaceConfig(workspace, registry);
    expect(config).toMatchObject({ detail: false, implement: 'tensorflow', batchSize: 1, settings: { threads: 1 } });
    expect(config.backend).toBe(backend);
    expect([...config.kernels]).toEqual([
      [
        'relu',
        {
          initSampleNum: 1000,
          finegrainedSampleNum: 10,
          iteration: 5,
          errorThreshold: 0.1,
          holdoutSampleNum: 200,
          sampling: 'joint',
          adaptive: 'uncertainty',
        },
      ],
    ]);
  });

  it('refuses a folder that holds something, and says what', async () => {
    await writeFile(path.join(folder, 'thesis.txt'), 'precious');
    expect((await failure(createWorkspace(folder, { backend, kernels: [] }))).message).toMatch(/already holds files/);
    expect(await readFile(path.join(folder, 'thesis.txt'), 'utf8')).toBe('precious');
    const sub = path.join(folder, 'w');
    await createWorkspace(sub, { backend, kernels: [] });
    expect((await failure(createWorkspace(sub, { backend, kernels: [] }))).message).toMatch(/already holds a workspace/);
  });

  it('is found from a folder inside it, and nowhere else', async () => {
    const workspace = await createWorkspace(path.join(folder, 'w'), { backend, kernels: [] });
    expect((await findWorkspace(workspace.paths.results.replace(/results$/, ''))).folder).toBe(workspace.folder);
    expect(await failure(findWorkspace(folder))).toMatchObject({ code: 'ERR_NOT_A_WORKSPACE' });
  });
});

describe('readWorkspaceConfig', () => {
  let workspace: Workspace;
  beforeEach(async () => {
    workspace = await createWorkspace(path.join(folder, 'w'), { backend, kernels: ['relu'] });
  });
  const read = () => readWorkspaceConfig(workspace, registry);

  it('takes the original file with FALSE and kernels without numbers', async () => {
    await writeFile(
      workspace.paths.buildConfig,
      'DETAIL: FALSE\nIMPLEMENT: tensorflow\nBATCH_SIZE: 1\nKERNELS:\n  relu:\n  hswish:\n    INIT_SAMPLE_NUM: 50\n    MAX_FLOPS: 1000000\n',
    );
    const { kernels } = await read();
    expect(kernels.get('relu')).toMatchObject({ initSampleNum: 1000 });
    expect(kernels.get('hswish')).toMatchObject({ initSampleNum: 50, holdoutSampleNum: 20, limits: { maxFlops: 1e6, maxBytes: 100e6 } });
  });

  it('counts the initial round in ITERATION, but not in a workspace of version 1', async () => {
    const build = (iteration: string) => `IMPLEMENT: tensorflow\nKERNELS:\n  relu:\n    INIT_SAMPLE_NUM: 50\n${iteration}`;
    const roundsOf = async (iteration: string) => {
      await writeFile(workspace.paths.buildConfig, build(iteration));
      return (await readWorkspaceConfig(await openWorkspace(workspace.folder), registry)).kernels.get('relu')?.iteration;
    };
    expect([await roundsOf('    ITERATION: 2\n'), await roundsOf('')]).toEqual([2, 5]);
    expect((await failure(roundsOf('    ITERATION: 0\n'))).message).toMatch(/:5 KERNELS\.relu\.ITERATION: must be an integer >= 1/);
    await writeFile(workspace.paths.manifest, JSON.stringify({ schemaVersion: 1, seed: 1, nnmVersion: '0.1.0' }));
    expect([await roundsOf('    ITERATION: 2\n'), await roundsOf('    ITERATION: 0\n'), await roundsOf('')]).toEqual([3, 1, 6]);
    expect((await failure(roundsOf('    ITERATION: x\n'))).message).toMatch(/ITERATION: must be an integer >= 0/);
  });

  it('reports every problem of both files at once, with key and line', async () => {
    await writeFile(
      workspace.paths.buildConfig,
      'DETAIL: maybe\nIMPLEMENT: caffe\nBATCH_SIZE: -1\nKERNELS:\n  rellu:\n    INIT_SAMPLE_NUM: many\n  relu:\n    ITERATON: 3\n    ERROR_THRESHOLD: 0\n',
    );
    await writeFile(workspace.paths.backendConfig, 'BACKEND: test_cpu\nTHREADS: lots\n');
    const { message } = await failure(read());
    expect(message.replaceAll(workspace.folder, '').replaceAll('\\', '/')).toMatchInlineSnapshot(`
      "/configs/backend_config.yaml has a problem:
        /configs/backend_config.yaml:2 THREADS: must be a number
      /configs/predictorbuild_config.yaml has 7 problems:
        /configs/predictorbuild_config.yaml:1 DETAIL: must be TRUE or FALSE
        /configs/predictorbuild_config.yaml:2 IMPLEMENT: must be tensorflow or torch
        /configs/predictorbuild_config.yaml:3 BATCH_SIZE: must be an integer >= 1
        /configs/predictorbuild_config.yaml:6 KERNELS.rellu.INIT_SAMPLE_NUM: must be an integer from 10 to 1000000
        /configs/predictorbuild_config.yaml:9 KERNELS.relu.ERROR_THRESHOLD: must be > 0, a relative error such as 0.1
        /configs/predictorbuild_config.yaml:8 KERNELS.relu.ITERATON: there is no key "ITERATON"; did you mean "ITERATION"?
        /configs/predictorbuild_config.yaml:5 KERNELS.rellu: there is no kernel "rellu"; did you mean "relu"?"
    `);
  });

  it('lets variables stand in for settings of both files, and names them where they are wrong', async () => {
    const env = { NNM_BATCH_SIZE: '4', NNM_ITERATION: '2', NNM_BACKEND_THREADS: '3', NNM_DETAIL: 'TRUE', NNM_SAMPLING: ' ', OTHER: '1' };
    const config = await readWorkspaceConfig(workspace, registry, { env });
    expect(config).toMatchObject({ batchSize: 4, detail: true, settings: { threads: 3 } });
    expect(config.kernels.get('relu')).toMatchObject({ iteration: 2, sampling: 'joint' });
    expect(config.overrides?.map(({ variable, path: keys }) => [variable, keys.join('.')])).toEqual([
      ['NNM_DETAIL', 'DETAIL'],
      ['NNM_BATCH_SIZE', 'BATCH_SIZE'],
      ['NNM_ITERATION', 'KERNELS.relu.ITERATION'],
      ['NNM_BACKEND_THREADS', 'THREADS'],
    ]);
    expect(await read()).toMatchObject({ batchSize: 1, settings: { threads: 1 } });
    const wrong = readWorkspaceConfig(workspace, registry, { env: { NNM_BATCH_SIZE: 'many', NNM_BACKEND_THREADS: 'lots' } });
    const { message } = await failure(wrong);
    expect(message).toMatch(/BATCH_SIZE: must be an integer >= 1 \(the environment variable NNM_BATCH_SIZE says so\)/);
    expect(message).toMatch(/THREADS: must be a number \(the environment variable NNM_BACKEND_THREADS says so\)/);
    const torch = readWorkspaceConfig(workspace, registry, { env: { NNM_IMPLEMENT: 'torch' } });
    expect((await failure(torch)).message).toMatch(
      /IMPLEMENT: is torch, but the backend test_cpu runs tensorflow \(the environment variable/,
    );
  });

  it('takes DEVICE: host, as workspaces of tflite_cpu have it, for this machine', async () => {
    await writeFile(workspace.paths.backendConfig, 'BACKEND: test_cpu\nDEVICE: host\n');
    expect((await read()).backend).toBe(backend);
    await writeFile(workspace.paths.backendConfig, 'BACKEND: test_cpu\nDEVICE: hosd\n');
    expect((await failure(read())).message).toMatch(/:2 DEVICE: there is no device "hosd"/);
  });

  it('names the nearest backend', async () => {
    await writeFile(workspace.paths.backendConfig, 'BACKEND: tst_cpu\n');
    expect((await failure(read())).message).toMatch(
      /backend_config.yaml:1 BACKEND: there is no backend "tst_cpu"; did you mean "test_cpu"\?/,
    );
  });

  it('gives the line of a syntax error', async () => {
    await writeFile(workspace.paths.buildConfig, 'DETAIL: FALSE\nKERNELS: [relu\nIMPLEMENT: torch\n');
    expect((await failure(read())).message).toMatch(/predictorbuild_config.yaml:\d+: /);
  });

  it.each([
    ['a key that is there twice', 'DETAIL: FALSE\nDETAIL: TRUE\n', /:2 DETAIL: this key is there twice/],
    ['an unknown alias', 'IMPLEMENT: *mine\nKERNELS:\n  relu:\n', /Unresolved alias .*: mine/],
    ['a second document', 'IMPLEMENT: tensorflow\n---\nKERNELS: {}\n', /:2: a second document begins here/],
    ['no kernel', 'IMPLEMENT: tensorflow\nKERNELS: {}\n', /:2 KERNELS: must have the kernels as keys/],
    ['kernels as a list', 'IMPLEMENT: tensorflow\nKERNELS: [relu]\n', /a problem:\n.*:2 KERNELS: must have the kernels as keys/],
    [
      'more samples than memory holds',
      'IMPLEMENT: tensorflow\nKERNELS:\n  relu:\n    INIT_SAMPLE_NUM: 1e20\n',
      /:4 KERNELS\.relu\.INIT_SAMPLE_NUM: must be an integer from 10 to 1000000/,
    ],
  ])('refuses %s', async (_, text, message) => {
    await writeFile(workspace.paths.buildConfig, text);
    expect(await failure(read())).toMatchObject({ code: 'ERR_INVALID_FILE', message: expect.stringMatching(message) });
  });

  it('refuses a framework the backend does not run, and a manifest from another version', async () => {
    await writeFile(workspace.paths.buildConfig, 'IMPLEMENT: torch\nKERNELS:\n  relu:\n');
    expect((await failure(read())).message).toMatch(/:1 IMPLEMENT: is torch, but the backend test_cpu runs tensorflow/);
    await writeFile(workspace.paths.manifest, JSON.stringify({ schemaVersion: 9, seed: 1, nnmVersion: '9.0.0' }));
    expect((await failure(openWorkspace(workspace.folder))).message).toMatch(
      /schemaVersion: is 9; this nnm reads workspaces of version 1 to 2/,
    );
  });
});
