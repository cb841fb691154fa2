import { copyFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRegistry, definePlugin, NnmError, Rng, runToEnd } from '@nnm/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toyKernel } from '../../../core/src/kernel/__fixtures__/toy-kernels.ts';
import { SimulatedBackend, simulatedLatencyMs } from '../__fixtures__/simulated-backend.ts';
import {
  buildLatencyPredictor,
  buildPredictorForKernel,
  collectWorkspaceData,
  exportKernelData,
  generateConfigSample,
  getDataByProfiledResults,
  kernelGraph,
  memoryContext,
  type PipelineEvent,
  predictKernel,
  profileModels,
  readPredictor,
  workspaceContext,
} from '../index.ts';
import { createWorkspace, type LabelledConfig, openWorkspace, readWorkspaceConfig } from '../workspace/index.ts';

/** A device whose runs differ a little, so that labels have a repeatability. */
class UnsteadyBackend extends SimulatedBackend {
  constructor() {
    super(undefined, (graph) => simulatedLatencyMs(graph) * (1 + 0.01 * new Rng(1).fork(`${graph.seed} ${++this.loads}`).float()));
  }
  private loads = 0;
}

const settings = { initSampleNum: 60, holdoutSampleNum: 20, iteration: 2, finegrainedSampleNum: 2, errorThreshold: 0.1 };

function registryWith(backend: SimulatedBackend) {
  const kernels = [toyKernel('toy'), toyKernel('pair-a', 'pair'), toyKernel('pair-b', 'pair')];
  return createRegistry([definePlugin({ name: 'toys', apiVersion: 1, kernels, backends: [backend] })]);
}

const build = (backend: SimulatedBackend, kernels: readonly string[], onEvent?: (event: PipelineEvent) => void) => {
  const context = memoryContext(registryWith(backend), {
    backend: 'simulated',
    seed: 5,
    kernels: Object.fromEntries(kernels.map((type) => [type, settings])),
  });
  return runToEnd(buildLatencyPredictor(context), onEvent);
};

describe('a pipeline without files', () => {
  it('learns the formula of a simulated device', async () => {
    const events: PipelineEvent[] = [];
    const { predictors, failures } = await build(new SimulatedBackend(), ['toy'], (event) => events.push(event));
    expect(failures).toEqual([]);
    const predictor = predictors[0]!.predictor;
    const kernel = toyKernel('toy');
    const errors = [20, 48, 100, 200].map((CIN) => {
      const config = { HW: 28, CIN };
      const measured = simulatedLatencyMs(kernelGraph(kernel, config, { batchSize: 1 }));
      return Math.abs(predictKernel(predictor, kernel, config).latencyMs / measured - 1);
    });
    expect(Math.max(...errors)).toBeLessThan(0.1);
    const graded = events.filter((event) => event.type === 'graded');
    expect(graded[0]).toMatchObject({ kernel: 'toy', mark: 'initial', rows: 60, holdout: { rows: 20 } });
    expect(predictor.manifest).toMatchObject({ backend: 'simulated', batchSize: 1, holdout: { rows: 20 }, samples: { used: 80 } });
  });

  it('gives the same predictor for the same seed', async () => {
    const [first, second] = [await build(new SimulatedBackend(), ['toy']), await build(new SimulatedBackend(), ['toy'])];
    expect(first.predictors[0]!.predictor.manifest.dataHash).toBe(second.predictors[0]!.predictor.manifest.dataHash);
    expect(first.predictors[0]!.predictor.fitted.serialise()).toEqual(second.predictors[0]!.predictor.fitted.serialise());
  });

  it('trains one predictor for the kernels of a family', async () => {
    const { predictors } = await build(new SimulatedBackend(), ['pair-a', 'pair-b']);
    expect(predictors.map(({ family, builds }) => [family, builds.map(({ kernel }) => kernel)])).toEqual([['pair', ['pair-a', 'pair-b']]]);
    const { manifest } = predictors[0]!.predictor;
    expect(manifest.kernels).toEqual(['pair-a', 'pair-b']);
    expect(manifest.featureNames.slice(-2)).toEqual(['IS:pair-a', 'IS:pair-b']);
    expect(predictKernel(predictors[0]!.predictor, toyKernel('pair-b', 'pair'), { HW: 14, CIN: 64 }).latencyMs).toBeGreaterThan(0);
  });

  it('keeps configurations that fail as failed records and builds from the others', async () => {
    const wide = new SimulatedBackend((graph) => (graph.inputs[0]!.shape[3] as number) > 256);
    const { predictors } = await build(wide, ['toy']);
    const { samples } = predictors[0]!.builds[0]!;
    const failed = samples.filter(({ status }) => status === 'failed');
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.every((sample) => sample.config.CIN! > 256 && sample.status === 'failed' && sample.error.code === 'ERR_CONVERSION')).toBe(
      true,
    );
    expect(samples.filter(({ status }) => status === 'ok').length + failed.length).toBe(samples.length);
  });

  it('reports a kernel that cannot be built and goes on with the next', async () => {
    const { predictors, failures } = await build(new SimulatedBackend((graph) => graph.name === 'toy'), ['toy', 'pair-a']);
    expect(failures).toMatchObject([
      { kernel: 'toy', error: { code: 'ERR_KERNELS_FAIL_ALIKE', message: expect.stringMatching(/\[ERR_CONVERSION\]$/) } },
    ]);
    expect(predictors.map(({ family }) => family)).toEqual(['pair']);
  });

  it('says why there are too few rows when measurements failed', async () => {
    const backend = new SimulatedBackend((graph) => graph.name === 'toy');
    const context = memoryContext(
      registryWith(backend),
      { backend: 'simulated', kernels: { toy: settings } },
      { policy: { stopAfterAlike: 0 } },
    );
    const { failures } = await runToEnd(buildLatencyPredictor(context, ['toy']));
    expect(failures).toMatchObject([
      { error: { code: 'ERR_TOO_FEW_ROWS', message: expect.stringMatching(/there are 0\. \d+ failed: .*\[ERR_CONVERSION\]/) } },
    ]);
  });

  it('reports a kernel whose regressor would take too long, and builds the others', async () => {
    const training = { regressor: 'ml-random-forest', options: { maxWork: 10 } };
    const context = memoryContext(registryWith(new SimulatedBackend()), {
      backend: 'simulated',
      kernels: { toy: { ...settings, training }, 'pair-a': settings },
    });
    const { predictors, failures } = await runToEnd(buildLatencyPredictor(context));
    expect(failures.map(({ kernel, error }) => [kernel, error.code])).toEqual([['toy', 'ERR_REGRESSOR_TOO_SLOW']]);
    expect(predictors.map(({ family }) => family)).toEqual(['pair']);
  });

  it('shares a time budget out among the kernels', async () => {
    const backend = new SimulatedBackend();
    let nowMs = 0;
    const context = memoryContext(
      registryWith(backend),
      { backend: 'simulated', kernels: { toy: settings, 'pair-a': settings } },
      { timeLeftMs: () => 1e6 - nowMs },
    );
    const left = new Map<string, number>();
    const onEvent = (event: PipelineEvent) => {
      if (event.type === 'stage' && event.stage === 'profile' && !left.has(event.kernel)) left.set(event.kernel, 1e6 - nowMs);
      // The first kernel uses up its half on the first occasion: it gets no adaptive round, the second one its whole half.
      if (event.type === 'graded' && event.kernel === 'toy') nowMs = 5e5;
    };
    const notes: string[] = [];
    const { predictors } = await runToEnd(buildLatencyPredictor(context), (event) => {
      onEvent(event);
      if (event.type === 'note' || event.type === 'rounds-ended') notes.push(event.message);
    });
    expect(predictors.map(({ family }) => family)).toEqual(['toy', 'pair']);
    expect(notes).toContain('The time budget ended before round 2 of 2 of toy.');
    expect(notes.some((note) => note.includes('pair-a') && note.includes('budget'))).toBe(false);
    expect([...left]).toEqual([
      ['toy', 1e6],
      ['pair-a', 5e5],
    ]);
  });

  it('refuses an unknown kernel before it measures anything', async () => {
    const backend = new SimulatedBackend();
    await expect(build(backend, ['tyo'])).rejects.toThrow(/no kernel "tyo"/);
    expect(backend.loaded).toEqual([]);
  });

  it('refuses a configuration the kernel does not accept, naming every key', async () => {
    const { predictors } = await build(new SimulatedBackend(), ['toy']);
    const kernel = toyKernel('toy');
    const { predictor } = predictors[0]!;
    expect(() => predictKernel(predictor, kernel, { HW: 0, CNI: 3 })).toThrow(
      /CNI is not a key.*HW must be an integer from 1 to 56, got 0.*CIN is missing/,
    );
  });
});

describe('ids', () => {
  it('stay with a configuration, whatever else is sampled, and differ between batch sizes', () => {
    const registry = registryWith(new SimulatedBackend());
    const context = memoryContext(registry, { backend: 'simulated', seed: 1 });
    const sample = (count: number, from = context) => generateConfigSample('toy', count, { mark: 'prior', samplingType: 'prior' }, from);
    const few = sample(5);
    const many = new Map(sample(50).map(({ id, config }) => [JSON.stringify(config), id]));
    for (const { id, config } of few) expect(many.get(JSON.stringify(config))).toBe(id);
    expect(few.every(({ id }) => /^[A-Z0-9]{6}$/.test(id))).toBe(true);
    expect(new Set(many.values()).size).toBe(50);
    expect(sample(5, { ...context, batchSize: 4 }).map(({ id }) => id)).not.toEqual(few.map(({ id }) => id));
  });
});

describe('a pipeline in a workspace', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'nnm pipeline '));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function buildIn(name: string, backend: SimulatedBackend, { stopAfter = Number.POSITIVE_INFINITY, kernels = ['toy'] } = {}) {
    const registry = registryWith(backend);
    const place = path.join(folder, name);
    const make = () => createWorkspace(place, { backend, kernels: ['toy', 'pair-a', 'pair-b'], seed: 5, kernelSettings: settings });
    const workspace = await openWorkspace(place).catch(make);
    const config = await readWorkspaceConfig(workspace, registry);
    const abort = new AbortController();
    const context = workspaceContext(registry, workspace, config, { signal: abort.signal });
    let records = 0;
    const onEvent = (event: PipelineEvent) => {
      if (event.type === 'profile' && event.event.type === 'record' && ++records === stopAfter) abort.abort();
    };
    const report = await runToEnd(buildLatencyPredictor(context, kernels), onEvent).catch((error: unknown) => error);
    return { workspace, registry, report, records };
  }

  it('resumes after an interruption: nothing is measured twice, and the predictor is the same', async () => {
    const whole = await buildIn('whole', new SimulatedBackend());
    const stopped = await buildIn('stopped', new SimulatedBackend(), { stopAfter: 30 });
    expect(NnmError.isInstance(stopped.report) && stopped.report.code).toBe('ERR_ABORTED');
    const resumed = await buildIn('stopped', new SimulatedBackend());
    expect(stopped.records + resumed.records).toBe(whole.records);
    const predictorOf = async ({ workspace, registry }: typeof whole) =>
      (await readPredictor(workspace, registry.kernel('toy'), registry)).predictor;
    expect((await predictorOf(resumed)).manifest.dataHash).toBe((await predictorOf(whole)).manifest.dataHash);
    const again = new SimulatedBackend();
    expect((await buildIn('whole', again)).records).toBe(0);
  });

  it('keeps what a family predictor learned when another kernel of the family is built later', async () => {
    await buildIn('w', new SimulatedBackend(), { kernels: ['pair-a'] });
    const { workspace, registry } = await buildIn('w', new SimulatedBackend(), { kernels: ['pair-b'] });
    const { manifest } = (await readPredictor(workspace, registry.kernel('pair-a'), registry)).predictor;
    expect(manifest.kernels).toEqual(['pair-a', 'pair-b']);
    expect(manifest.samples.used).toBeGreaterThanOrEqual(160);
    expect(manifest.holdout?.rows).toBe(40);
  });

  it('gives the same predictor to the last byte, whether the kernels of a family are built together or in any order', async () => {
    const results = (name: string) => path.join(folder, name, 'predictor_build', 'results');
    const predictorOf = (name: string) => readFile(path.join(results(name), 'predictors', 'pair.json'), 'utf8');
    await buildIn('together', new UnsteadyBackend(), { kernels: ['pair-a', 'pair-b'] });
    const together = await predictorOf('together');
    expect(JSON.parse(together).ceiling.rows).toBe(JSON.parse(together).samples.used);
    for (const [name, orders] of [
      ['one-by-one', [['pair-a'], ['pair-b']]],
      ['backwards', [['pair-b'], ['pair-a']]],
      ['swapped', [['pair-b', 'pair-a']]],
    ] as const) {
      // The same rows: what was measured is in the journals, and nothing else is left.
      await cp(path.join(folder, 'together'), path.join(folder, name), { recursive: true });
      for (const file of await readdir(results(name))) {
        if (!file.endsWith('.jsonl')) await rm(path.join(results(name), file), { recursive: true });
      }
      for (const kernels of orders) expect((await buildIn(name, new UnsteadyBackend(), { kernels: [...kernels] })).records).toBe(0);
      expect(await predictorOf(name), name).toBe(together);
    }
  });

  it('reads from the journal what an interrupted build measured, and from the latency file what only that holds', async () => {
    const { workspace, registry } = await buildIn('stopped', new UnsteadyBackend(), { stopAfter: 30 });
    const setting = { registry, workspace, implement: 'tensorflow', batchSize: 1 } as const;
    const latencyFile = path.join(workspace.paths.results, 'profiled_toy.json');
    await expect(readFile(latencyFile)).rejects.toMatchObject({ code: 'ENOENT' });
    const { rows } = await collectWorkspaceData('toy', setting);
    expect(rows.length).toBeGreaterThanOrEqual(30);
    for (const { repeatabilityMs, flags } of rows) expect([repeatabilityMs, flags]).toEqual([expect.any(Number), []]);
    const [first, second] = rows as [LabelledConfig, LabelledConfig];
    const journal = path.join(workspace.paths.results, 'toy.jsonl');
    const lines = (await readFile(journal, 'utf8')).split('\n');
    await writeFile(journal, lines.filter((line) => !line.includes(first.id)).join('\n'));
    await writeFile(latencyFile, JSON.stringify({ toy: { [first.id]: { latency: '5 +- 0.1' }, [second.id]: { latency: '7 +- 0.1' } } }));
    const later = await collectWorkspaceData('toy', setting);
    expect(later.rows.find(({ id }) => id === first.id)).toEqual({
      id: first.id,
      kernel: 'toy',
      mark: 'prior',
      config: first.config,
      latencyMs: 5,
      spreadMs: 0.1,
    });
    expect(later.rows.find(({ id }) => id === second.id)).toEqual(second);
  });

  it('refuses a predictor file of another family', async () => {
    const { workspace, registry } = await buildIn('w', new SimulatedBackend());
    const { predictors } = workspace.paths;
    await copyFile(path.join(predictors, 'toy.json'), path.join(predictors, 'pair.json'));
    await expect(readPredictor(workspace, registry.kernel('pair-a'), registry)).rejects.toThrow(/it is the predictor of toy, not of pair/);
  });

  it('puts configuration, shapes and statistics beside each latency with DETAIL', async () => {
    const { workspace, registry } = await buildIn('w', new SimulatedBackend());
    const context = workspaceContext(registry, workspace, await readWorkspaceConfig(workspace, registry));
    const [sample] = generateConfigSample('toy', 1, { mark: 'extra', samplingType: 'prior' }, context);
    await runToEnd(profileModels([sample!], { ...context, detail: true }));
    const { toy } = JSON.parse(await readFile(path.join(workspace.paths.results, 'profiled_toy.json'), 'utf8'));
    const { HW, CIN } = sample!.config;
    expect(Object.keys(toy).length).toBeGreaterThan(80);
    expect(toy[sample!.id]).toMatchObject({ config: { HW, CIN }, shapes: [[HW, HW, CIN]], latency: expect.any(String) });
    expect(toy[sample!.id].detail.latencyMs).toBeGreaterThan(0);
    // A later run without DETAIL keeps what is there
    await runToEnd(profileModels(generateConfigSample('toy', 2, { mark: 'more', samplingType: 'prior' }, context), context));
    const later = JSON.parse(await readFile(path.join(workspace.paths.results, 'profiled_toy.json'), 'utf8'));
    expect(later.toy[sample!.id].config).toEqual({ HW, CIN });
  });

  it('refuses a kernel that is not made for the framework before it measures anything', async () => {
    const torchOnly = { ...toyKernel('toy_torch'), implement: ['torch' as const] };
    const backend = new SimulatedBackend();
    const registry = createRegistry([
      definePlugin({ name: 'x', apiVersion: 1, kernels: [toyKernel('toy'), torchOnly], backends: [backend] }),
    ]);
    const context = memoryContext(registry, {
      backend: 'simulated',
      implement: 'tensorflow',
      kernels: { toy: settings, toy_torch: settings },
    });
    await expect(runToEnd(buildLatencyPredictor(context))).rejects.toMatchObject({ code: 'ERR_IMPLEMENT_MISMATCH' });
    expect(backend.loaded).toEqual([]);
    await expect(runToEnd(buildPredictorForKernel('toy_torch', context))).rejects.toThrow(/toy_torch is made for torch/);
  });

  it('writes config, latency and predictor files that join again, and exports them', async () => {
    const { workspace, registry } = await buildIn('w', new SimulatedBackend());
    const { results } = workspace.paths;
    const setting = { registry, workspace, implement: 'tensorflow', batchSize: 1 } as const;
    const { rows, problems } = await collectWorkspaceData('toy', setting);
    expect(problems).toEqual([]);
    expect(rows.length).toBeGreaterThanOrEqual(80);
    const prior = JSON.parse(await readFile(path.join(results, 'toy_prior.json'), 'utf8'));
    const [id, entry] = Object.entries(prior.toy)[0] as [
      string,
      { model: string; shapes: number[][]; config: { HW: number; CIN: number } },
    ];
    expect(entry).toMatchObject({
      model: `predictor_build/kernels/toy_prior_${id}.json`,
      shapes: [[entry.config.HW, entry.config.HW, entry.config.CIN]],
    });
    expect(JSON.parse(await readFile(path.join(workspace.folder, entry.model), 'utf8'))).toMatchObject({ schemaVersion: 1, name: 'toy' });
    const profiled = JSON.parse(await readFile(path.join(results, 'profiled_toy.json'), 'utf8'));
    expect(profiled.toy[id].latency).toMatch(/^[\d.e-]+ \+- [\d.e-]+$/);

    expect(Object.keys(profiled.toy[id])).toEqual(['latency']);

    const parser = registry.kernel('toy').features;
    const csv = path.join(folder, 'toy.csv');
    const data = await getDataByProfiledResults(
      'toy',
      parser,
      [path.join(results, 'toy_prior.json')],
      [path.join(results, 'profiled_toy.json')],
      csv,
    );
    expect(data.features).toMatchObject({ rows: 60, columns: parser.featureNames.length });
    expect((await readFile(csv, 'utf8')).split('\n')[0]).toBe('HW,CIN,FLOPS,PARAMS,BYTES,latency_ms');
    const exported = await exportKernelData('toy', setting);
    expect((await readFile(exported.file, 'utf8')).trim().split('\n')).toHaveLength(rows.length + 1);
  });
});
