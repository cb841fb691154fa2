import { readFile, writeFile } from 'node:fs/promises';
import type { ComparisonReport } from '@nnm/report';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../test/run-command.ts';
import { makeSimulatedProject } from '../../test/simulated-workspace.ts';
import type { TempProject } from '../../test/temp-project.ts';
import Build from './build.ts';
import Compare from './compare.ts';
import Create from './create.ts';

/** A latency file with DETAIL of the toy kernel, all latencies times a factor. */
const latencies = (factor: number) => ({
  toy: Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [
      `ROW${String(i).padStart(3, '0')}`,
      { config: { HW: 14, CIN: 16 + i }, latency: `${(1 + i) * factor} +- 0.001` },
    ]),
  ),
});

let project: TempProject;
beforeAll(async () => {
  project = await makeSimulatedProject({ 'old.json': latencies(1), 'same.json': latencies(1.001), 'slow.json': latencies(1.5) });
});
afterAll(() => project[Symbol.asyncDispose]());

const compare = (...argv: readonly string[]) => runCommand(Compare, argv, project.folder);

describe('nnm compare', () => {
  it('says which kernels are slower, and fails where it was asked to', async () => {
    const slower = await compare('old.json', 'slow.json', '--fail-on', 'slower:5%');
    expect(slower.stdout).toMatch(/^toy +slower +\+50\.0 % +\+50\.0 % to \+50\.0 % +20 +measured$/m);
    expect([slower.exitCode, slower.stderr]).toEqual([1, expect.stringContaining('toy fails --fail-on slower:5%: +50.0 %.')]);
    expect(await compare('old.json', 'same.json', '--fail-on', 'slower:5%')).toMatchObject({ exitCode: 0 });
    expect(await compare('old.json', 'slow.json', '--fail-on', 'slower:60%')).toMatchObject({ exitCode: 0 });
    expect(await compare('slow.json', 'old.json')).toMatchObject({ stdout: expect.stringMatching(/toy +faster/) });
  });

  it('is one document, Markdown, or a page', async () => {
    const { json } = await compare('old.json', 'slow.json', '--json', '--fail-on', 'slower');
    expect(json()).toMatchObject({
      before: 'old.json',
      threshold: 0.05,
      kernels: [{ verdict: 'slower', ratio: 1.5 }],
      failed: [{ kernel: 'toy' }],
    });
    const { stdout } = await compare('old.json', 'slow.json', '--format', 'markdown');
    expect(stdout).toContain('| toy | 🔴 slower | +50.0 % | +50.0 % to +50.0 % | 20 | measured |');
    expect((await compare('old.json', 'slow.json', '--format', 'html', '--output', 'page.html')).exitCode).toBe(0);
    expect(await readFile(project.path('page.html'), 'utf8')).toContain('<title>old.json → slow.json · nnm</title>');
  });

  it.each(['csv', 'jsonl', 'json'])('reads rows of .%s files as every stage does', async (ending) => {
    const rows = Object.values(latencies(1.5).toy).map(({ config, latency }) => ({ kernel: 'toy', config, latency, backend: 'other' }));
    const table = rows.map(({ config, latency }) => `toy,${config.HW},${config.CIN},${Number.parseFloat(latency)},\r\n`).join('');
    const texts: Readonly<Record<string, string>> = {
      csv: `kernel,HW,CIN,latency_ms,flags\r\n${table}toy,14,16,99,unstable\r\n`,
      jsonl: rows.map((row) => JSON.stringify(row)).join('\n'),
      json: JSON.stringify(rows),
    };
    await writeFile(project.path(`rows.${ending}`), texts[ending] as string);
    const { stdout, stderr, exitCode } = await compare('old.json', `rows.${ending}`);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^toy +slower +\+50\.0 % +\+50\.0 % to \+50\.0 % +20 +measured$/m);
  });

  it('says of rows that are none what is wrong with them', async () => {
    await writeFile(project.path('wrong.csv'), 'kernel,HW,CIN,latency_ms\ntoy,14,999,1\ntoy,14,16,2\n');
    const { stderr } = await compare('old.json', 'wrong.csv');
    expect(stderr).toMatch(/1 row left out: CIN must be an integer from 1 to 512, got 999 \(line 2\)\./);
    expect((await compare('-', '-')).stderr).toContain('Both sides are standard input.');
    expect((await compare('old.json', 'gone.csv')).stderr).toContain('ERR_FILE_ACCESS');
  });

  it('does not let sources without a common kernel pass', async () => {
    await runCommand(Create, ['empty', '--backend', 'simulated', '--samples', '40'], project.folder);
    const { exitCode, stderr } = await compare('old.json', 'empty', '--fail-on', 'slower:5%');
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('ERR_NOTHING_TO_COMPARE')]);
  });

  it('refuses rules and places that are none', async () => {
    expect(await compare('old.json', 'slow.json', '--fail-on', 'worse')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('ERR_USAGE'),
    });
    expect((await compare('old.json', 'slow.json', '--format', 'html')).stderr).toContain('--format html needs --output.');
    expect((await compare('nowhere', 'slow.json')).stderr).toContain('ERR_NOT_A_WORKSPACE');
  });

  it('compares workspaces by what they measured, and by their predictors where that is too little', async () => {
    for (const [folder, seed] of [
      ['one', '5'],
      ['other', '6'],
    ] as const) {
      await runCommand(Create, [folder, '--backend', 'simulated', '--samples', '40', '--seed', seed], project.folder);
      const { exitCode, stderr } = await runCommand(Build, ['-w', folder], project.folder);
      expect(exitCode, stderr).toBe(0);
    }
    const { json, exitCode } = await compare('one', 'other', '--json', '--threshold', '10%');
    expect(exitCode).toBe(0);
    const { kernels, differences } = json() as ComparisonReport;
    expect(differences).toEqual([]);
    expect(kernels).toMatchObject([{ kernel: 'toy', verdict: 'same' }]);

    // A predictor that cannot be used costs only what it would say.
    await writeFile(project.path('other', 'predictor_build', 'results', 'predictors', 'toy.json'), '{}');
    const without = await compare('one', 'other', '--threshold', '10%');
    expect(without.stderr).toMatch(/toy\.json.*lacks `"format": "nnm-predictor"`/);
    expect(without.stderr).not.toContain('ERR_INVALID_PREDICTOR_FILE');
  });
});
