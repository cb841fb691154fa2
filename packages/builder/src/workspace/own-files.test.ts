import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRegistry, definePlugin, runToEnd } from '@nnm/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toyKernel } from '../../../core/src/kernel/__fixtures__/toy-kernels.ts';
import { SimulatedBackend } from '../__fixtures__/simulated-backend.ts';
import { buildLatencyPredictor, exportKernelData, workspaceContext } from '../index.ts';
import { createWorkspace, openWorkspace, readWorkspaceConfig } from './index.ts';

const settings = { initSampleNum: 60, holdoutSampleNum: 20, iteration: 1, training: { preset: 'paper' } };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nnm own '));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const make = () => createWorkspace(folder, { backend: new SimulatedBackend(), kernels: ['toy'], kernelSettings: settings });
/** Build the workspace as a new process would, and say how many models were loaded. */
async function build() {
  const backend = new SimulatedBackend();
  const registry = createRegistry([definePlugin({ name: 'toys', apiVersion: 1, kernels: [toyKernel('toy')], backends: [backend] })]);
  const workspace = await openWorkspace(folder);
  const context = workspaceContext(registry, workspace, await readWorkspaceConfig(workspace, registry));
  const report = await runToEnd(buildLatencyPredictor(context)).catch((error: unknown) => error as Error & { code: string });
  return { report, loaded: backend.loaded.length, setting: { ...context, workspace } };
}
const at = (...parts: string[]) => path.join(folder, 'predictor_build', ...parts);

describe('a file that nnm has not written', () => {
  const mine = JSON.stringify({ toy: { MINE01: { config: { HW: 7, CIN: 16 } } } });

  it.each([
    ['results', 'toy_prior.json'],
    ['results', 'toy_holdout.json'],
    ['results', 'profiled_toy.json'],
    ['results/predictors', 'toy.json'],
    ['results/predictors', 'toy_initial.json'],
  ])('%s/%s is named before anything is measured, and stays', async (place, name) => {
    await make();
    await build();
    rmSync(at(place, name), { force: true });
    writeFileSync(at(place, name), mine);
    rmSync(at('results', 'toy.jsonl'));
    const { report, loaded } = await build();
    expect(report).toMatchObject({ code: 'ERR_FOREIGN_FILE', message: expect.stringContaining(name) });
    expect(loaded).toBe(0);
    expect(readFileSync(at(place, name), 'utf8')).toBe(mine);
  });

  it('is named together with the others', async () => {
    await make();
    await build();
    writeFileSync(at('results', 'toy_prior.json'), mine);
    writeFileSync(at('results', 'profiled_toy.json'), mine);
    const { report } = await build();
    expect((report as Error).message).toMatch(/These files are not as nnm wrote them.*\n.*profiled_toy\.json\n.*toy_prior\.json$/);
  });

  it('is a table or a graph, too', async () => {
    await make();
    const { setting } = await build();
    const { file } = await exportKernelData('toy', setting);
    await exportKernelData('toy', setting);
    writeFileSync(file, 'a,b\n');
    await expect(exportKernelData('toy', setting)).rejects.toMatchObject({ code: 'ERR_FOREIGN_FILE' });
    const [id] = Object.keys(JSON.parse(readFileSync(at('results', 'toy_prior.json'), 'utf8')).toy);
    writeFileSync(at('kernels', `toy_prior_${id}.json`), '{"drawn": "by hand"}');
    expect((await build()).report).toMatchObject({ code: 'ERR_FOREIGN_FILE', message: expect.stringContaining(`toy_prior_${id}.json`) });
  });

  it('is one that was edited; one with the ends of lines of Windows, or an empty one, is not', async () => {
    await make();
    await build();
    const file = at('results', 'profiled_toy.json');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replaceAll('\n', '\r\n'));
    expect((await build()).report).not.toBeInstanceOf(Error);
    writeFileSync(at('results', 'predictors', 'toy.json'), '');
    expect((await build()).report).not.toBeInstanceOf(Error);
    writeFileSync(file, text.replace('latency', 'Latency'));
    expect((await build()).report).toMatchObject({ code: 'ERR_FOREIGN_FILE' });
  });
});

it("nnm's own files are replaced when what they hold changes", async () => {
  await make();
  await build();
  const graph = readFileSync(at('results', 'toy_prior.json'), 'utf8');
  const config = path.join(folder, 'configs', 'predictorbuild_config.yaml');
  writeFileSync(config, readFileSync(config, 'utf8').replace('INIT_SAMPLE_NUM: 60', 'INIT_SAMPLE_NUM: 70'));
  expect((await build()).report).not.toBeInstanceOf(Error);
  expect(readFileSync(at('results', 'toy_prior.json'), 'utf8')).not.toBe(graph);
});

it('a line of the list that a crash cut off swallows nothing', async () => {
  await make();
  await build();
  const list = at('written.jsonl');
  writeFileSync(list, `${readFileSync(list, 'utf8')}{"file":"predictor_build/resu`);
  const config = path.join(folder, 'configs', 'predictorbuild_config.yaml');
  writeFileSync(config, readFileSync(config, 'utf8').replace('INIT_SAMPLE_NUM: 60', 'INIT_SAMPLE_NUM: 64'));
  expect((await build()).report).not.toBeInstanceOf(Error);
  expect((await build()).report).not.toBeInstanceOf(Error);
});

describe('a workspace of an earlier version, without a list', () => {
  it("keeps what is nnm's replaceable, and what is not from being replaced", async () => {
    await make();
    await build();
    rmSync(at('written.jsonl'));
    expect((await build()).report).not.toBeInstanceOf(Error);
    rmSync(at('written.jsonl'));
    const file = at('results', 'toy_prior.json');
    const entries = Object.entries(JSON.parse(readFileSync(file, 'utf8')).toy).slice(0, 41);
    const mine = JSON.stringify({
      toy: Object.fromEntries(entries.map(([id, entry]) => [id, { config: (entry as { config: object }).config }])),
    });
    writeFileSync(file, mine);
    expect((await build()).report).toMatchObject({ code: 'ERR_FOREIGN_FILE', message: expect.stringContaining('toy_prior.json') });
    rmSync(file);
    writeFileSync(at('results', 'profiled_toy.json'), JSON.stringify({ toy: { ZZZZZZ: { latency: '1 +- 0' } } }));
    rmSync(at('written.jsonl'));
    expect((await build()).report).toMatchObject({ code: 'ERR_FOREIGN_FILE', message: expect.stringContaining('profiled_toy.json') });
  });
});

it("what a power cut left of a file is nobody's work", async () => {
  const { own } = await make();
  const file = at('kernels', 'toy_prior_AAAAAA.json');
  for (const left of ['{ "a": ', '{ "a": \0\0\0', '\0\0\0\0\0\0\0\0\0\0', '']) {
    await own.write(file, '{ "a": 1 }', { flush: false });
    rmSync(at('written.jsonl'));
    writeFileSync(at('written.jsonl'), '{"schemaVersion":1}\n');
    writeFileSync(file, left);
    await (await openWorkspace(folder)).own.write(file, '{ "a": 1 }');
    expect(readFileSync(file, 'utf8')).toBe('{ "a": 1 }');
  }
  for (const mine of ['{ "a": 2', '{ "a": 1 } ', '{ "b": \0']) {
    rmSync(at('written.jsonl'));
    writeFileSync(at('written.jsonl'), '{"schemaVersion":1}\n');
    writeFileSync(file, mine);
    await expect((await openWorkspace(folder)).own.write(file, '{ "a": 1 }')).rejects.toMatchObject({ code: 'ERR_FOREIGN_FILE' });
    expect(readFileSync(file, 'utf8')).toBe(mine);
  }
});
