import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRegistry, definePlugin, runToEnd } from '@nnm/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toyKernel } from '../../../core/src/kernel/__fixtures__/toy-kernels.ts';
import { SimulatedBackend } from '../__fixtures__/simulated-backend.ts';
import {
  buildLatencyPredictor,
  checkWorkspace,
  createWorkspace,
  lockWorkspace,
  openWorkspace,
  readWorkspaceConfig,
  workspaceContext,
} from '../index.ts';

const registry = createRegistry([
  definePlugin({ name: 'toys', apiVersion: 1, kernels: [toyKernel('toy'), toyKernel('other')], backends: [new SimulatedBackend()] }),
]);
const kernelSettings = { initSampleNum: 12, holdoutSampleNum: 3, iteration: 1, training: { preset: 'paper' } };
let built: string;
let folder: string;
beforeAll(async () => {
  built = await mkdtemp(path.join(tmpdir(), 'nnm checked '));
  const workspace = await createWorkspace(built, { backend: new SimulatedBackend(), kernels: ['toy'], kernelSettings });
  const context = workspaceContext(registry, workspace, await readWorkspaceConfig(workspace, registry));
  await runToEnd(buildLatencyPredictor(context));
});
afterAll(() => rm(built, { recursive: true, force: true }));
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nnm checked '));
  await cp(built, folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (...parts: string[]) => path.join(folder, 'predictor_build', ...parts);
const check = (repair = false) => checkWorkspace(folder, registry, { repair });
const edit = async (file: string, change: (text: string) => string) => writeFile(file, change(await readFile(file, 'utf8')));

describe('checkWorkspace', () => {
  it('finds nothing in a sound workspace', async () => {
    const report = await check();
    expect(report.findings).toEqual([]);
    expect(report.faults).toBe(0);
    expect(report.files).toBeGreaterThan(20);
  });

  it.each([
    ['a latency file that lacks what was measured', () => rm(at('results', 'profiled_toy.json')), /profiled_toy\.json/, /15 ids missing/],
    [
      'a saved graph that is torn',
      async () => {
        const { model } = Object.values<{ model: string }>(JSON.parse(await readFile(at('results', 'toy_prior.json'), 'utf8')).toy)[0]!;
        await writeFile(path.join(folder, model), '{ "schema');
      },
      /kernels\/$/,
      /1 saved graph that is not whole/,
    ],
    [
      'what a killed process was writing',
      () => writeFile(at('results', '.nnm-0123456789ab.tmp'), 'half'),
      /\.nnm-0123456789ab\.tmp/,
      /was left by a process that was killed/,
    ],
  ])('repairs %s', async (_, damage, file, problem) => {
    await damage();
    const before = await check();
    expect(before.findings).toEqual([
      {
        file: expect.stringMatching(file),
        kind: 'fault',
        problem: expect.stringMatching(problem),
        remedy: expect.any(String),
        repairable: true,
      },
    ]);
    expect(before.faults).toBe(1);
    expect(await check(true)).toMatchObject({ faults: 0, findings: [{ repaired: true }] });
    const after = await check();
    expect(after.findings.filter(({ kind }) => kind === 'fault')).toEqual([]);
  });

  it('moves damaged journal lines, of whatever bytes, beside the journal, and leaves the others as they are', async () => {
    const journal = at('results', 'toy.jsonl');
    await writeFile(journal, Buffer.concat([Buffer.from('\ufeff'), await readFile(journal)]));
    const sound = await readFile(journal);
    const garbage = Buffer.concat([Buffer.from('abc'), Buffer.from([0xff, 0xfe]), Buffer.from('{"x\n')]);
    await appendFile(journal, garbage);
    await appendFile(journal, '{"type":"rec');
    expect(await check()).toMatchObject({ faults: 1 });
    expect(await check(true)).toMatchObject({ faults: 0 });
    expect((await readFile(journal)).equals(sound)).toBe(true);
    expect(await readFile(`${journal}.damaged`)).toEqual(Buffer.concat([garbage, Buffer.from('{"type":"rec\n')]));
    expect((await check()).findings).toEqual([]);
    await appendFile(journal, 'no line\n');
    await check(true);
    expect((await readFile(`${journal}.damaged`)).subarray(garbage.length).toString()).toBe('{"type":"rec\nno line\n');
    expect((await check()).findings).toEqual([]);
  });

  it.each([
    [
      'a latency that somebody has changed',
      () => edit(at('results', 'profiled_toy.json'), (text) => text.replace(/"latency": "[\d.]+/, '"latency": "9')),
      /profiled_toy\.json/,
      /1 id missing, or not as the journal has it: \w+; the file is not as nnm wrote it/,
    ],
    ['another file in the place of a journal', () => writeFile(at('results', 'toy.jsonl'), 'hello\n'), /toy\.jsonl/, /not a journal/],
    ['a torn config file', () => writeFile(at('results', 'toy_prior.json'), '{'), /toy_prior\.json/, /it is not JSON/],
    [
      'a configuration out of range',
      () => edit(at('results', 'toy_prior.json'), (text) => text.replace(/"CIN": \d+/, '"CIN": 99999')),
      /toy_prior\.json/,
      /1 id with a configuration that the kernel does not take/,
    ],
    [
      'a damaged predictor',
      () => edit(at('results', 'predictors', 'toy.json'), (text) => text.slice(0, -40)),
      /predictors\/toy\.json/,
      /./,
    ],
    [
      'a wrong configuration file',
      () => edit(path.join(folder, 'configs', 'predictorbuild_config.yaml'), (text) => text.replace('KERNELS:', 'KERNLES:')),
      /configs\//,
      /KERNLES/,
    ],
    [
      'torn imported data',
      async () => {
        await (await openWorkspace(folder)).files.makeFolder(at('imported'));
        await writeFile(at('imported', 'toy.json'), '{ "toy": { "A": 1 } }');
      },
      /imported\/toy\.json/,
      /has a problem/,
    ],
  ])('names %s, and leaves it', async (_, damage, file, problem) => {
    await damage();
    const report = await check(true);
    const faults = report.findings.filter(({ kind, repaired }) => kind === 'fault' && !repaired);
    expect(faults).toContainEqual(
      expect.objectContaining({ file: expect.stringMatching(file), problem: expect.stringMatching(problem), repairable: false }),
    );
    expect(report.faults).toBeGreaterThan(0);
  });

  it('tells measurements of another setting from faults', async () => {
    await edit(path.join(folder, 'configs', 'predictorbuild_config.yaml'), (text) => text.replace('BATCH_SIZE: 1', 'BATCH_SIZE: 8'));
    const { findings, faults } = await check();
    expect(faults).toBe(0);
    expect(findings.map(({ problem }) => problem).join()).toMatch(/12 ids of another IMPLEMENT or BATCH_SIZE/);
  });

  it('cuts a torn journal, and says who holds the lock', async () => {
    await appendFile(at('results', 'toy.jsonl'), '{"type":"rec');
    const release = await lockWorkspace(await openWorkspace(folder));
    const { findings, faults } = await check();
    expect(faults).toBe(0);
    expect(findings.map(({ problem }) => problem)).toEqual([
      expect.stringContaining('ends in the middle of a line (12 bytes)'),
      expect.stringContaining(`process ${process.pid} on`),
    ]);
    await expect(check(true)).rejects.toMatchObject({ code: 'ERR_WORKSPACE_BUSY' });
    await release();
    await check(true);
    expect((await readFile(at('results', 'toy.jsonl'), 'utf8')).endsWith('\n')).toBe(true);
    expect((await check()).findings).toEqual([]);
  });

  it('refuses what is no workspace', async () => {
    await expect(checkWorkspace(at('results'), registry)).rejects.toMatchObject({ code: 'ERR_NOT_A_WORKSPACE' });
  });
});
