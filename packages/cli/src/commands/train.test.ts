import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../test/run-command.ts';
import { makeSimulatedWorkspace } from '../../test/simulated-workspace.ts';
import type { TempProject } from '../../test/temp-project.ts';
import Build from './build.ts';
import Predict from './predict.ts';
import Train from './train.ts';

/** Kernel data as nn-Meter writes it. The latency is what the simulated device takes. */
function nnMeterFiles(first: number, count: number) {
  const ids = Array.from({ length: count }, (_, i) => first + i).map((n) => ({ id: `QQ${String(n).padStart(4, '0')}`, n }));
  const configOf = (n: number) => ({ HW: [7, 14, 28, 56][n % 4] as number, CIN: 16 + n });
  const latencyOf = ({ HW, CIN }: { HW: number; CIN: number }) =>
    0.05 + (2 * HW * HW * CIN * CIN + HW * HW * CIN) / 5e7 + (4 * (2 * HW * HW * CIN + CIN * CIN + CIN)) / 2e6;
  return {
    configs: { toy: Object.fromEntries(ids.map(({ id, n }) => [id, { model: `/ws/toy_prior_${id}`, shapes: [], config: configOf(n) }])) },
    latencies: { toy: Object.fromEntries(ids.map(({ id, n }) => [id, { latency: `${latencyOf(configOf(n))} +- 0.001` }])) },
  };
}

describe('nnm train', () => {
  let project: TempProject;
  const run = (...argv: string[]) => runCommand(Train, [...argv, '-w', 'ws'], project.folder);
  beforeAll(async () => {
    project = await makeSimulatedWorkspace();
    const [a, b] = [nnMeterFiles(0, 20), nnMeterFiles(20, 10)];
    await writeFile(project.path('a.json'), JSON.stringify(a.configs));
    await writeFile(project.path('b.json'), JSON.stringify(b.configs));
    await writeFile(
      project.path('c.json'),
      JSON.stringify({ toy: { ...a.latencies.toy, ...b.latencies.toy, NOBODY: { latency: '1 +- 0' } } }),
    );
  });
  afterAll(() => project[Symbol.asyncDispose]());

  test('says what is missing before there is anything', async () => {
    const { exitCode, stderr } = await run('toy');
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('ERR_NOTHING_MEASURED')]);
  });

  test('reads several files, trains, and names what it could not use', async () => {
    const { exitCode, stdout, stderr } = await run('toy', '--configs', 'a.json', 'b.json', '--latencies', 'c.json');
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('Warning: 1 row of toy with a latency but no configuration (NOBODY).')]);
    expect(stdout).toContain('Imported 30 rows of toy; they count as measured by simulated.');
    expect(stdout).toMatch(/^toy +validation split +\d+ /m);
    expect(stdout).toContain('30 rows imported, 0 measured here; no hold-out yet');
    const predicted = await runCommand(Predict, ['toy', '-c', 'HW=14,CIN=30', '-w', 'ws', '--json'], project.folder);
    expect(predicted.exitCode).toBe(0);
  });

  test('writes table and predictor where --save-path says', async () => {
    const { json } = await run('toy', '--save-path', 'out', '--mark', 'mine', '--error-threshold', '1e-12', '--json');
    expect(json()).toMatchObject({ family: 'toy', imported: {}, rows: { imported: 30, measured: 0, holdout: 0 } });
    expect((json() as { largeErrors: unknown[] }).largeErrors.length).toBeGreaterThan(0);
    expect(existsSync(project.path('out', 'predictors', 'toy_mine.json'))).toBe(true);
    expect(await readFile(project.path('out', 'collection', 'toy_mine.csv'), 'utf8')).toMatch(/^kernel,id,HW,CIN/);
  });

  test('nnm build goes on from it', async () => {
    const built = await runCommand(Build, ['-w', 'ws'], project.folder);
    expect(built.stderr).toMatch(/toy: (2\d|30) imported rows count as measured here; 1\d more are sampled from the prior/);
    expect(built.stdout).toMatch(/^toy: \d+ configurations measured, (2\d|30) rows imported, \d+ flagged as uncertain; none failed$/m);
    const { json } = await run('toy', '--json');
    expect((json() as { rows: { measured: number } }).rows.measured).toBeGreaterThan(5);
  });

  test.each([
    [['toy', '--configs', 'no.json'], /no\.json: it does not exist/, 1],
    [['toi'], /Did you mean "toy"/, 1],
    [['toy', '--latencies', 'c.json'], /--configs/, 2],
    [['toy', '--error-threshold', '20%'], /relative error such as 0\.1/, 2],
    [['toy', '--save-path', 'out', '--mark', '../x'], /`mark` must be letters/, 1],
  ])('%j is refused', async (argv, message, code) => {
    const { exitCode, stderr } = await run(...argv);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(code);
  });

  test("--fresh of another kernel or of this one takes nothing that is not nnm's", async () => {
    const mine = project.path('ws', 'predictor_build', 'results', 'toy_prior.json');
    await writeFile(mine, '{"toy":{}}');
    const { exitCode, stderr } = await runCommand(Build, ['-w', 'ws', '--fresh'], project.folder);
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/ERR_FOREIGN_FILE/)]);
    expect(await readFile(mine, 'utf8')).toBe('{"toy":{}}');
    expect(existsSync(project.path('ws', 'predictor_build', 'results', 'toy.jsonl'))).toBe(true);
  });
});
