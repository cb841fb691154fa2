import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BaseBlock, createRegistry, definePlugin, GraphBuilder, type Registry, runToEnd } from '@nnm/core';
import { serialisePredictor } from '@nnm/predictor';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toyKernel } from '../../../core/src/kernel/__fixtures__/toy-kernels.ts';
import { SimulatedBackend } from '../__fixtures__/simulated-backend.ts';
import {
  buildLatencyPredictor,
  collectWorkspaceData,
  createWorkspace,
  exportKernelData,
  type LabelledConfig,
  latencyFile,
  openWorkspace,
  type PipelineContext,
  type PipelineEvent,
  readMeasured,
  readWorkspaceConfig,
  trainFromWorkspace,
  type Workspace,
  workspaceContext,
} from '../index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nnm measured '));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const settings = { initSampleNum: 20, holdoutSampleNum: 5, iteration: 1, errorThreshold: 0.1 };
const types = ['pair-a', 'pair-b', 'toy'];
const registryWith = (kernels = types.map((type) => toyKernel(type, type === 'toy' ? undefined : 'pair'))): Registry =>
  createRegistry([definePlugin({ name: 'toys', apiVersion: 1, kernels, backends: [new SimulatedBackend()] })]);

async function open(name = 'w', registry = registryWith()): Promise<PipelineContext & { readonly workspace: Workspace }> {
  const place = path.join(folder, name);
  const backend = registry.backend('simulated');
  const workspace = await openWorkspace(place).catch(() =>
    createWorkspace(place, { backend, kernels: types, seed: 5, kernelSettings: settings }),
  );
  return { ...workspaceContext(registry, workspace, await readWorkspaceConfig(workspace, registry)), workspace };
}

async function build(context: PipelineContext, kernels: readonly string[], onEvent?: (event: PipelineEvent) => void) {
  const { predictors, failures } = await runToEnd(buildLatencyPredictor(context, kernels), onEvent);
  expect(failures).toEqual([]);
  return predictors[0]!.predictor;
}

const labelsOf = (rows: readonly LabelledConfig[]) =>
  rows.map(({ id, latencyMs, spreadMs, repeatabilityMs }) => ({ id, latencyMs, spreadMs, repeatabilityMs }));

describe('what a workspace holds', () => {
  it('is the same predictor to the last byte, whether kernels are built together, one after the other, or trained from files', async () => {
    const together = serialisePredictor(await build(await open('together'), ['pair-a', 'pair-b']));
    const context = await open('apart');
    await build(context, ['pair-b']);
    const apart = await build(context, ['pair-a']);
    expect(serialisePredictor(apart)).toBe(together);
    expect(apart.manifest.ceiling).toBeDefined();
    const { predictor } = await runToEnd(trainFromWorkspace('pair-b', {}, context));
    expect(predictor.manifest.dataHash).toBe(apart.manifest.dataHash);
    expect(predictor.manifest.ceiling).toEqual(apart.manifest.ceiling);
    expect(predictor.fitted.serialise()).toEqual(apart.fitted.serialise());
  });

  it('has every record as soon as it is made, with all its digits', async () => {
    const context = await open();
    let records = 0;
    const counts: number[] = [];
    for await (const event of buildLatencyPredictor(context, ['toy'])) {
      if (event.type !== 'profile' || event.event.type !== 'record') continue;
      records++;
      counts.push((await readMeasured('toy', context)).rows.length);
      if (records === 8) break;
    }
    expect(counts).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const exported = await exportKernelData('toy', context, path.join(folder, 'toy.csv'));
    expect(exported.rows).toHaveLength(8);
    expect(exported.rows.every(({ repeatabilityMs }) => repeatabilityMs !== undefined)).toBe(true);
    // The latency file is an export: without it nothing is missing.
    await build(context, ['toy']);
    const before = await collectWorkspaceData('toy', context);
    await rm(latencyFile(context.workspace, 'toy'));
    expect(labelsOf((await collectWorkspaceData('toy', context)).rows)).toEqual(labelsOf(before.rows));
  });

  it('never mixes settings, and keeps each of them', async () => {
    const one = await open();
    await build(one, ['toy']);
    const config = one.workspace.paths.buildConfig;
    const text = await readFile(config, 'utf8');
    await writeFile(config, text.replace('BATCH_SIZE: 1', 'BATCH_SIZE: 4'));
    const four = await open();
    const ofOne = new Set((await readMeasured('toy', one)).rows.map(({ id }) => id));
    expect(ofOne.size).toBe(25);
    const said: string[] = [];
    const note = (event: PipelineEvent): void => {
      if (event.type === 'note' && event.message.includes('BATCH_SIZE')) said.push(event.message);
    };
    const predictor = await build(four, ['toy'], note);
    expect(said).toEqual([expect.stringMatching(/^toy: .* another IMPLEMENT or BATCH_SIZE than tensorflow and 4: .* do not count now/)]);
    expect(predictor.manifest).toMatchObject({ batchSize: 4, samples: { used: 25 } });
    const latencies = JSON.parse(await readFile(latencyFile(four.workspace, 'toy'), 'utf8'));
    expect(Object.keys(latencies.toy)).toHaveLength(25);
    for (const ids of [Object.keys(latencies.toy), (await readMeasured('toy', four)).rows.map(({ id }) => id)]) {
      expect(ids.filter((id) => ofOne.has(id))).toEqual([]);
    }
    await build(four, ['toy'], note);
    expect(said).toHaveLength(1);
    const { rows, file } = await exportKernelData('toy', four);
    expect(rows).toHaveLength(25);
    const [head, ...lines] = (await readFile(file, 'utf8')).trim().split('\n');
    expect(head).toMatch(/,implement,batch_size,kernel,mark,repeatability_ms,flags$/);
    expect(lines).toHaveLength(25);
    expect(lines.every((line) => line.includes(',tensorflow,4,toy,'))).toBe(true);
    expect(Object.keys(JSON.parse(await readFile(latencyFile(four.workspace, 'toy'), 'utf8')).toy)).toHaveLength(25);
    await writeFile(config, text);
    const back = await open();
    let measured = 0;
    await build(back, ['toy'], (event) => {
      if (event.type === 'profile' && event.event.type === 'visit') measured++;
    });
    expect(measured).toBe(0);
    expect((await readMeasured('toy', back)).rows).toHaveLength(25);
  });

  it('leaves out what was measured of another block, measures it again, and says so', async () => {
    await build(await open(), ['toy']);
    const changed = toyKernel('toy');
    class Deeper extends BaseBlock<{ readonly HW: number; readonly CIN: number }> {
      override get inputShape() {
        return new changed.block(this.config, this.batchSize).inputShape;
      }
      getModel() {
        const g = new GraphBuilder('toy');
        const once = g.conv2d(g.input([this.batchSize, ...this.inputShape]), this.config.CIN, { kernelSize: 1 });
        return g.build(g.conv2d(once, this.config.CIN, { kernelSize: 3 }));
      }
    }
    const kernels = [toyKernel('pair-a', 'pair'), toyKernel('pair-b', 'pair'), { ...changed, block: Deeper }];
    const context = await open('w', registryWith(kernels as unknown as ReturnType<typeof toyKernel>[]));
    const { rows, problems } = await readMeasured('toy', context);
    expect(rows).toEqual([]);
    expect(problems.map(({ message }) => message)).toEqual([expect.stringMatching(/^25 ids measured when the block was another one: /)]);
    const notes: string[] = [];
    await build(context, ['toy'], (event) => {
      if (event.type === 'profile' && event.event.type === 'started') notes.push(...event.event.notes);
    });
    expect(notes.join()).toMatch(/25 kernels were measured when the block, IMPLEMENT or BATCH_SIZE was another one/);
    expect((await readMeasured('toy', context)).rows).toHaveLength(25);
  });

  it('takes the latency file for what no journal knows, and names what is damaged', async () => {
    const context = await open();
    await build(context, ['toy']);
    const journal = path.join(context.workspace.paths.results, 'toy.jsonl');
    await appendFile(journal, 'no line\n');
    expect((await readMeasured('toy', context)).problems.map(({ message }) => message)).toEqual(['1 unreadable line in the journal']);
    await rm(journal);
    const { rows } = await readMeasured('toy', context);
    expect(rows).toHaveLength(25);
    expect(rows.every(({ repeatabilityMs }) => repeatabilityMs === undefined)).toBe(true);
  });
});

describe('a build under another setting', () => {
  it.each([{ implement: 'torch' }, { batchSize: 4 }] as const)('says that what was measured here does not count: %j', async (change) => {
    const context = await open();
    await build(context, ['toy']);
    const notes: string[] = [];
    const collect = (event: PipelineEvent): void => {
      if (event.type === 'note') notes.push(event.message);
    };
    await build(context, ['toy'], collect);
    expect(notes.filter((note) => note.includes('another IMPLEMENT'))).toEqual([]);
    await build({ ...context, ...change }, ['toy'], collect);
    expect(notes.filter((note) => note.includes('another IMPLEMENT'))).toEqual([
      expect.stringMatching(
        /^toy: what an earlier build measured here was of another IMPLEMENT or BATCH_SIZE than (torch and 1|tensorflow and 4): /,
      ),
    ]);
  });
});

describe('a file of kernel data that names something twice', () => {
  it('is refused, and the key named', async () => {
    const context = await open();
    await build(context, ['toy']);
    const file = path.join(context.workspace.paths.results, 'toy_prior.json');
    const text = await readFile(file, 'utf8');
    const [id] = Object.keys(JSON.parse(text).toy) as [string];
    await writeFile(file, text.replace('"toy": {', `"toy": { "${id}": { "config": { "HW": 7, "CIN": 8 } },`));
    await expect(readMeasured('toy', { ...context, workspace: context.workspace })).rejects.toMatchObject({
      code: 'ERR_INVALID_FILE',
      message: expect.stringContaining(`toy.${id}: is there twice`),
    });
  });
});
