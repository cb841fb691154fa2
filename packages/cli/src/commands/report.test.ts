import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { serialiseBundle } from '@nnm/model';
import type { NodeDataOverlay, ReportDocument } from '@nnm/report';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { estimateBundle, smallNetwork, tfliteFile } from '../../test/network-files.ts';
import { runCommand } from '../../test/run-command.ts';
import { makeSimulatedWorkspace } from '../../test/simulated-workspace.ts';
import type { TempProject } from '../../test/temp-project.ts';
import Build from './build.ts';
import Report from './report.ts';

let project: TempProject;
beforeAll(async () => {
  project = await makeSimulatedWorkspace();
});
afterAll(() => project[Symbol.asyncDispose]());

const report = (...argv: readonly string[]) => runCommand(Report, argv, project.folder);

describe('nnm report', () => {
  it('of a workspace in which nothing is measured yet is a page that says so', async () => {
    const { exitCode, stderr } = await report('ws');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('Nothing has been measured yet of toy.');
  });

  describe('of a build', () => {
    beforeAll(async () => {
      const { exitCode, stderr } = await runCommand(Build, ['-w', 'ws'], project.folder);
      expect(exitCode, stderr).toBe(0);
    });

    it('holds every row, graded by predictors that had not seen it where there is one', async () => {
      const { exitCode, stderr, json } = await report('ws', '--json');
      expect(exitCode, stderr).toBe(0);
      const { file, kernels } = json() as { file: string; kernels: readonly string[] };
      expect([file, kernels]).toEqual([project.path('ws', 'report.html'), ['toy']]);
      const packed = /id="report-data">([^<]+)</.exec(await readFile(file, 'utf8'))?.[1] ?? '';
      const document = JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString()) as ReportDocument;
      const [toy] = document.kernels;
      expect(toy?.columns.slice(0, 2)).toEqual(['HW', 'CIN']);
      const holdout = toy?.rows.filter(({ mark }) => mark === 'holdout') ?? [];
      expect(holdout.length).toBeGreaterThan(0);
      expect(holdout.every(({ seen, predictedMs }) => seen === false && (predictedMs ?? 0) > 0)).toBe(true);
      expect(toy?.rows.filter(({ mark }) => mark === 'prior').every(({ seen }) => seen)).toBe(true);
      expect(toy?.rounds[0]).toMatchObject({ mark: 'initial', holdout: { rows: holdout.length } });
      expect(toy?.landscape.length).toBeGreaterThan(0);
      expect(toy?.noise?.visits.length).toBeGreaterThan(40);
      expect(document.environments[0]?.facts).toContainEqual({ name: 'runtime', value: 'simulation 1' });
    });

    it('is a summary in Markdown, also on stdout', async () => {
      const { stdout } = await report('ws', '--format', 'markdown', '--output', '-');
      expect(stdout).toMatch(/^## ws\n/);
      expect(stdout).toMatch(/\| toy \| \d+ \| 0 \| hold-out \|/);
    });

    it('says of a predictor that cannot be used why, and shows everything else', async () => {
      const file = project.path('ws', 'predictor_build', 'results', 'predictors', 'toy.json');
      const whole = await readFile(file, 'utf8');
      await writeFile(file, whole.replaceAll('"CIN"', '"CHANNELS"'));
      const { exitCode, stderr, stdout } = await report('ws', '--format', 'json', '--output', '-');
      await writeFile(file, whole);
      expect(exitCode, stderr).toBe(0);
      const [toy] = (JSON.parse(stdout) as ReportDocument).kernels;
      expect(toy?.problems).toEqual([
        expect.stringMatching(/features of toy are not those of the predictor; what differs: CIN, CHANNELS\./),
      ]);
      expect([toy?.rows.length, toy?.landscape.length]).toEqual([60, 0]);
    });

    it('replaces its own file, and no other', async () => {
      expect((await report('ws')).exitCode).toBe(0);
      await writeFile(project.path('ws', 'report.html'), 'mine');
      const { exitCode, stderr } = await report('ws');
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining('ERR_FOREIGN_FILE')]);
      expect((await report('ws', '--output', 'other.html')).exitCode).toBe(0);
      expect(existsSync(project.path('other.html'))).toBe(true);
    });

    it('refuses a kernel that there is not', async () => {
      expect((await report('ws', '--kernel', 'tyo')).stderr).toContain('ERR_UNKNOWN_KERNEL');
    });
  });
});

describe('nnm report of a model', () => {
  beforeAll(async () => {
    await writeFile(project.path('net.tflite'), await tfliteFile(smallNetwork()));
    await writeFile(project.path('a.nnm.json'), serialiseBundle(estimateBundle));
  });

  it('is a page with every part, beside the current folder', async () => {
    const { exitCode, stderr, json } = await report('net.tflite', '-p', 'a.nnm.json', '--json');
    expect(exitCode, stderr).toBe(0);
    const { file, model } = json() as { file: string; model: string };
    expect([file, model]).toEqual([project.path('net.tflite.report.html'), project.path('net.tflite')]);
    const packed = /id="report-data">([^<]+)</.exec(await readFile(file, 'utf8'))?.[1] ?? '';
    const document = JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString()) as ReportDocument;
    expect(document.facts).toContainEqual({ name: 'predictor', value: 'a.nnm.json' });
    const { rows = [], totalMs, sumMs, lowMs, highMs, notes } = document.model ?? {};
    expect(rows.map(({ kernel, source, latencyMs }) => [kernel, source, (latencyMs ?? 0) > 0])).toEqual([
      ['conv2d+relu', 'estimated', true],
      ['globalAvgPool', 'estimated', true],
    ]);
    expect(rows.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    expect([totalMs, lowMs, highMs]).toEqual([sumMs, expect.any(Number), expect.any(Number)]);
    expect(notes).toContainEqual(expect.stringContaining('There is no calibration'));
  });

  it('is an overlay by the ids that Model Explorer gives the nodes of a .tflite file', async () => {
    const { stdout, stderr } = await report('net.tflite', '-p', 'a.nnm.json', '--format', 'overlay', '--output', '-');
    const { results } = JSON.parse(stdout) as NodeDataOverlay;
    expect(Object.keys(results), stderr).toEqual(['0', '1']);
    expect((await report('net.tflite', '-p', 'a.nnm.json', '--format', 'overlay')).exitCode).toBe(0);
    expect(existsSync(project.path('net.tflite.nodedata.json'))).toBe(true);
  });

  it('is a table in Markdown', async () => {
    const { stdout } = await report('net.tflite', '-p', 'a.nnm.json', '--format', 'markdown', '--output', '-');
    expect(stdout).toMatch(/^## net\.tflite\n[\s\S]*\*\*net\.tflite: [\d.]+ ms\*\*/);
    expect(stdout).toMatch(/\| conv2d\+relu \| estimated \|/);
  });

  it.each([
    [['none.tflite', '-p', 'a.nnm.json'], 1, /none\.tflite.*is not there/],
    [['net.tflite', '-w', 'empty', '-p', 'no.json'], 1, /no\.json is neither a bundle nor a workspace/],
    [['net.tflite', '-p', 'a.nnm.json', '--kernel', 'toy'], 2, /--kernel is for workspaces/],
    [['ws', '--predictor', 'a.nnm.json'], 2, /--predictor is for models, and none is named/],
    [['ws', '--format', 'overlay'], 2, /--format overlay is for models/],
  ])('one clear error: %j', async (argv, code, words) => {
    const { exitCode, stderr } = await report(...argv);
    expect([exitCode, stderr]).toEqual([code, expect.stringMatching(words)]);
  });
});
