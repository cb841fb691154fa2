import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRegistry, definePlugin, type KernelConfig, runToEnd } from '@nnm/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pairKernel } from '../../../core/src/kernel/__fixtures__/pair-kernel.ts';
import { toyKernel } from '../../../core/src/kernel/__fixtures__/toy-kernels.ts';
import { SimulatedBackend, simulatedLatencyMs } from '../__fixtures__/simulated-backend.ts';
import {
  buildAdaptivePredictorByData,
  buildLatencyPredictor,
  buildPredictorByData,
  importKernelData,
  type KernelDataSource,
  kernelGraph,
  memoryContext,
  type PipelineEvent,
  readKernelData,
  sampleAndProfileKernelData,
  trainFromWorkspace,
  workspaceContext,
} from '../index.ts';
import { createWorkspace, openWorkspace, readWorkspaceConfig } from '../workspace/index.ts';

const settings = { initSampleNum: 60, holdoutSampleNum: 20, iteration: 2, finegrainedSampleNum: 2, training: { preset: 'paper' } };
const backend = new SimulatedBackend();
const registry = createRegistry([
  definePlugin({
    name: 'toys',
    apiVersion: 1,
    kernels: [toyKernel('toy'), toyKernel('pair-a', 'pairs'), toyKernel('pair-b', 'pairs'), pairKernel()],
    backends: [backend],
  }),
]);
const context = memoryContext(registry, { backend: 'simulated', seed: 5, kernels: { toy: settings, 'pair-a': settings } });

/** Entries as nn-Meter has them: random ids, models that are elsewhere, the latency as a text with its spread. */
function nnMeterData(kernel: string, count: number, first = 0) {
  const configs: Record<string, { model: string; shapes: number[][]; config: KernelConfig }> = {};
  const latencies: Record<string, { latency: string }> = {};
  for (let i = first; i < first + count; i++) {
    const id = `X${String(i).padStart(5, 'Q')}`;
    const config = { HW: [7, 14, 28, 56][i % 4] as number, CIN: 16 + i };
    const latency = simulatedLatencyMs(kernelGraph(registry.kernel(kernel), config, context));
    configs[id] = {
      model: `/data1/ws/predictor_build/kernels/${kernel}_prior_${id}`,
      shapes: [[config.HW, config.HW, config.CIN]],
      config,
    };
    latencies[id] = { latency: `${latency} +- 0.01` };
  }
  return { configs: { [kernel]: configs }, latencies: { [kernel]: latencies } };
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nnm data '));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const save = async (name: string, content: unknown): Promise<string> => {
  const file = path.join(folder, name);
  await writeFile(file, JSON.stringify(content));
  return file;
};
const train = (source: KernelDataSource, options = {}) =>
  buildPredictorByData('toy', source, { training: { preset: 'paper' }, ...options }, context);

describe('buildPredictorByData', () => {
  const whole = nnMeterData('toy', 60);
  const [one, two] = [nnMeterData('toy', 40), nnMeterData('toy', 20, 40)];
  const both = Object.fromEntries(Object.entries(whole.configs.toy!).map(([id, entry]) => [id, { ...entry, ...whole.latencies.toy![id] }]));

  it('trains the same predictor on every form of the same data', async () => {
    const files = {
      configs: await save('toy_prior.json', whole.configs),
      latencies: await save('profiled_toy.json', whole.latencies),
      first: await save('toy_first.json', one.configs),
      second: await save('toy_second.json', two.configs),
      both: await save('both.json', { toy: both }),
    };
    const forms: Record<string, KernelDataSource> = {
      'a pair of paths': [files.configs, files.latencies],
      'lists of paths': [[files.first, files.second], [files.latencies]],
      'a list of paths and a path': [[files.first, files.second], files.latencies],
      objects: [whole.configs, whole.latencies],
      'objects and paths': [[one.configs, files.second], whole.latencies],
      'entries of the kernel itself': [whole.configs.toy!, whole.latencies.toy!],
      'one path that holds both': files.both,
      'one object that holds both': { toy: both },
      'entries that hold both': both,
    };
    const reference = await train([whole.configs, whole.latencies]);
    expect(reference.data).toHaveLength(60);
    expect(reference.dataProblems).toEqual([]);
    for (const [form, source] of Object.entries({ ...forms, rows: reference.data, 'a built predictor': reference })) {
      const built = await train(source);
      expect(built.predictor.manifest.dataHash, form).toBe(reference.predictor.manifest.dataHash);
      expect(built.acc10, form).toBe(reference.acc10);
    }
  });

  it('gives the large errors back as configurations', async () => {
    const { largeErrorConfigs } = await train([whole.configs, whole.latencies], { errorThreshold: 0.001 });
    expect(largeErrorConfigs.length).toBeGreaterThan(3);
    const known = Object.values(whole.configs.toy!).map(({ config }) => config);
    for (const config of largeErrorConfigs) expect(known).toContainEqual(config);
  });

  it('saves table and predictor in savePath, and replaces nothing that it has not written', async () => {
    const options = { savePath: path.join(folder, 'out'), mark: 'prior' };
    await train([whole.configs, whole.latencies], options);
    await train([whole.configs, whole.latencies], options);
    const table = path.join(folder, 'out', 'collection', 'toy_prior.csv');
    const predictor = path.join(folder, 'out', 'predictors', 'toy_prior.json');
    expect((await readFile(table, 'utf8')).split('\n')[0]).toBe('kernel,id,HW,CIN,FLOPS,PARAMS,BYTES,latency_ms');
    expect(JSON.parse(await readFile(predictor, 'utf8'))).toMatchObject({ kernelType: 'toy' });
    await writeFile(table, 'my,own,table\n');
    await writeFile(predictor, '{}');
    await expect(train([whole.configs, whole.latencies], options)).rejects.toThrow(/toy_prior\.csv\n.*toy_prior\.json/);
    expect(await readFile(table, 'utf8')).toBe('my,own,table\n');
  });

  it('counts rows of other kernels of the family, whatever their ids are', async () => {
    const [a, b] = [nnMeterData('pair-a', 30), nnMeterData('pair-b', 30)];
    const source: KernelDataSource = [
      { ...a.configs, ...b.configs },
      { ...a.latencies, ...b.latencies },
    ];
    const { predictor } = await buildPredictorByData('pair-a', source, { training: { preset: 'paper' } }, context);
    expect(predictor.manifest.kernels).toEqual(['pair-a', 'pair-b']);
    expect(predictor.manifest.samples.used).toBe(60);
  });
});

describe('readKernelData', () => {
  const rowOf = (config: KernelConfig, latency: unknown = '1.5 +- 0.1') => ({ config, latency });
  const read = (entries: Record<string, object>) => readKernelData('pair', { pair: entries } as KernelDataSource, registry);

  it('names and counts what it leaves out', async () => {
    const ok = { HW: 7, CIN: 4, COUT: 4 };
    const { rows, problems } = await read({
      A: rowOf(ok),
      B: rowOf({ HW: 7, CIN: 4, COUT: 8 }),
      C: rowOf({ HW: 7, CIN: 6, COUT: 6 }, '-3'),
      D: rowOf({ HW: 7, CIN: 6, COUT: 6 }, 'fast'),
      E: { config: ok },
      F: { latency: '2 +- 1' },
      G: rowOf({ HW: 7.5, CIN: 4, COUT: 4 }),
      H: rowOf({ ...ok, GROUPS: 2 }),
    });
    expect(rows).toEqual([{ id: 'A', kernel: 'pair', config: ok, latencyMs: 1.5, spreadMs: 0.1 }]);
    const text = problems.map(({ message }) => message).join('\n');
    expect(text).toMatch(/1 row of pair with a configuration that the kernel refuses: its block cannot build it: .* \(B\)/);
    expect(text).toMatch(/2 rows of pair with a latency that is not a positive number of milliseconds \(C, D\)/);
    expect(text).toMatch(/1 row of pair with a configuration but no latency \(E\)/);
    expect(text).toMatch(/HW must be an integer from 1 to 64, got 7.5 \(G\)/);
    expect(text).toMatch(/GROUPS is not a key of this kernel .* \(H\)/);
  });

  it('adds COUT where it can only equal CIN, and says so', async () => {
    const { rows, problems } = await read({ A: rowOf({ HW: 7, CIN: 4 }) });
    expect(rows[0]?.config).toEqual({ HW: 7, CIN: 4, COUT: 4 });
    expect(problems[0]?.message).toBe('1 row of pair without COUT, which can only equal CIN (A)');
  });

  it('takes a repeated configuration once, with its median latency', async () => {
    const config = { HW: 7, CIN: 4, COUT: 4 };
    const { rows, problems } = await read({ A: rowOf(config, 1), B: rowOf(config, '5 +- 1'), C: rowOf(config, 2) });
    expect(rows).toEqual([{ id: 'A', kernel: 'pair', config, latencyMs: 2 }]);
    expect(problems[0]?.message).toMatch(/^2 rows with a configuration that is there before.*\(B, C\)$/);
  });

  it('says so of other kernels, and of data without one usable row', async () => {
    const other = nnMeterData('toy', 2);
    await expect(readKernelData('pair', [other.configs, other.latencies], registry)).rejects.toThrow(
      /2 rows of other kernels than those of the family pair/,
    );
    await expect(readKernelData('pair', { pair: {} }, registry)).rejects.toThrow(/there are no rows of this kernel/);
  });

  it.each([[5], [null], [['a.json']], [['a.json', 'b.json', 'c.json']], [['a.json', 5]], [['a.json', []]]])(
    'refuses %j',
    async (source) => {
      await expect(readKernelData('pair', source as never, registry)).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
    },
  );

  it('names a file that is missing or holds something else', async () => {
    await expect(readKernelData('pair', path.join(folder, 'no.json'), registry)).rejects.toThrow(/no\.json: it does not exist/);
    const list = await save('list.json', [1, 2]);
    await expect(readKernelData('pair', list, registry)).rejects.toThrow(/list\.json: it is no object/);
    const flat = await save('flat.json', { pair: 7 });
    await expect(readKernelData('pair', flat, registry)).rejects.toThrow(/flat\.json pair: must be \{ "<ID>"/);
  });
});

describe('buildAdaptivePredictorByData', () => {
  it('goes on from a pair, from measured samples, and from its own result', async () => {
    const { configs, latencies } = nnMeterData('toy', 60);
    const options = { errorThreshold: 0.001, finegrainedSampleNum: 1 };
    const first = await runToEnd(buildAdaptivePredictorByData('toy', [configs, latencies], context, options));
    expect([first.mark, first.imported.length]).toEqual(['finegrained1', 60]);
    expect(first.samples.length).toBeGreaterThan(0);
    const second = await runToEnd(buildAdaptivePredictorByData('toy', first, context, options));
    expect(second.mark).toBe('finegrained2');
    expect(second.samples.length).toBeGreaterThan(first.samples.length);
    const measured = await runToEnd(sampleAndProfileKernelData('toy', 60, { mark: 'prior', samplingType: 'prior' }, context));
    const third = await runToEnd(buildAdaptivePredictorByData('toy', measured, context, options));
    expect(third.imported).toHaveLength(60);
    const again = await train(third);
    expect(again.data).toHaveLength(60 + third.samples.length);
  });
});

describe('imported data', () => {
  async function workspaceWith(kernels: readonly string[]) {
    const place = path.join(folder, 'w');
    const workspace = await openWorkspace(place).catch(() =>
      createWorkspace(place, { backend, kernels, seed: 3, kernelSettings: settings }),
    );
    return { ...workspaceContext(registry, workspace, await readWorkspaceConfig(workspace, registry)), workspace };
  }

  it('is trained on at once, and a later build measures only what is missing', async () => {
    const here = await workspaceWith(['toy']);
    const { configs, latencies } = nnMeterData('toy', 50);
    const imported = await importKernelData('toy', [configs, latencies], here);
    expect(imported.kernels.get('toy')).toHaveLength(50);
    const trained = await runToEnd(trainFromWorkspace('toy', {}, here));
    expect(trained.rows).toEqual({ measured: 0, imported: 50, holdout: 0 });
    expect(trained.file).toMatch(/toy\.json$/);

    const events: PipelineEvent[] = [];
    const report = await runToEnd(buildLatencyPredictor(here), (event) => events.push(event));
    expect(report.failures).toEqual([]);
    const [build] = report.predictors[0]!.builds;
    // The hold-out is the same with and without imported data; what is in it does not train.
    const used50 = build!.imported.length;
    expect(used50).toBeLessThanOrEqual(50);
    expect(used50).toBeGreaterThan(40);
    expect(events).toContainEqual({ type: 'sampled', kernel: 'toy', mark: 'prior', asked: 60 - used50, got: 60 - used50 });
    expect(build!.built.holdoutMetrics?.rows).toBe(20);
    const { used } = report.predictors[0]!.predictor.manifest.samples;
    expect(used).toBe(used50 + build!.samples.length + 20);
    // No configuration was measured that had been imported.
    const keys = new Set(build!.imported.map(({ config }) => JSON.stringify(config)));
    expect(build!.samples.some(({ config }) => keys.has(JSON.stringify(config)))).toBe(false);
    expect((await runToEnd(trainFromWorkspace('toy', {}, here))).rows).toMatchObject({ imported: used50, holdout: 20 });
  });

  it('that is of another device is told apart by the hold-out', async () => {
    const here = await workspaceWith(['toy']);
    const { configs, latencies } = nnMeterData('toy', 50);
    const slower = Object.fromEntries(
      Object.entries(latencies.toy!).map(([id, { latency }]) => [id, { latency: 5 * Number.parseFloat(latency) }]),
    );
    const notes: string[] = [];
    const onEvent = (event: PipelineEvent) => {
      if (event.type === 'note') notes.push(event.message);
    };
    await importKernelData('toy', [configs.toy!, slower], here);
    await runToEnd(buildLatencyPredictor(here), onEvent);
    expect(notes).toContainEqual(
      expect.stringMatching(/toy: the imported latencies do not agree with what is measured here: .* \d{2,} % on the hold-out/),
    );
    notes.length = 0;
    await importKernelData('toy', [configs, latencies], here);
    await runToEnd(buildLatencyPredictor(here), onEvent);
    expect(notes.filter((note) => note.includes('do not agree'))).toEqual([]);
  });

  it('of another kernel of the family counts when this one is built', async () => {
    const here = await workspaceWith(['pair-a']);
    const { configs, latencies } = nnMeterData('pair-b', 40);
    await importKernelData('pair-b', [configs, latencies], here);
    const { predictors } = await runToEnd(buildLatencyPredictor(here));
    expect(predictors[0]!.predictor.manifest.kernels).toEqual(['pair-a', 'pair-b']);
  });

  it('belongs to a framework and batch size', async () => {
    const here = await workspaceWith(['toy']);
    const { configs, latencies } = nnMeterData('toy', 40);
    await importKernelData('toy', [configs, latencies], here);
    await expect(runToEnd(trainFromWorkspace('toy', {}, { ...here, batchSize: 4 }))).rejects.toMatchObject({
      code: 'ERR_NOTHING_MEASURED',
    });
  });
});
