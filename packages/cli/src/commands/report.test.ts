import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type { ReportDocument } from '@nnm/report';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
      expect(toy?.problems).toEqual([expect.stringMatching(/toy has the features HW, CIN.*but the predictor has HW, CHANNELS/)]);
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
