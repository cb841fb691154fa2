import { readdirSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CommandClass, type Outcome, runCommand } from '../../test/run-command.ts';
import { editFile, makeSimulatedWorkspace } from '../../test/simulated-workspace.ts';
import type { TempProject } from '../../test/temp-project.ts';
import Build from '../commands/build.ts';
import Check from '../commands/check.ts';
import Convert from '../commands/convert.ts';
import Export from '../commands/export.ts';
import Generate from '../commands/generate.ts';
import Import from '../commands/import.ts';
import Predict from '../commands/predict.ts';
import Profile from '../commands/profile.ts';
import Sample from '../commands/sample.ts';
import Train from '../commands/train.ts';

// The stages by hand, files handed on, against a build of the same seed. The device is a formula, so both measure the same.
let project: TempProject;
const run = async (command: CommandClass, ...argv: string[]): Promise<Outcome> => {
  const outcome = await runCommand(command, argv, project.folder);
  expect(outcome.exitCode, `${argv.join(' ')}\n${outcome.stderr}${outcome.stdout}`).toBe(0);
  return outcome;
};
/** What of a predictor does not tell where and when it was measured. */
const essence = (file: string): unknown => {
  const { environment: _, ...predictor } = JSON.parse(readFileSync(project.path(file), 'utf8'));
  return predictor;
};
const BUILT = 'ws/predictor_build/results/predictors/toy.json';

beforeAll(async () => {
  project = await makeSimulatedWorkspace();
  await editFile(project.path('ws', 'configs', 'predictorbuild_config.yaml'), (text) => text.replace(/ITERATION: \d+/, 'ITERATION: 1'));
  await run(Build, '-w', 'ws');
});
afterAll(() => project[Symbol.asyncDispose]());

test('sample, generate, convert, profile, train: the predictor of a build', async () => {
  await run(Sample, 'toy', '-n', '40', '--holdout', '20', '--seed', '5', '-o', 'configs.jsonl');
  await run(Generate, 'configs.jsonl', '-o', 'graphs');
  expect(readdirSync(project.path('graphs')).sort()).toEqual(
    [...readdirSync(project.path('ws/predictor_build/kernels')), 'samples.jsonl'].sort(),
  );
  await run(Convert, 'graphs', '-b', 'simulated', '-o', 'models');
  expect(readdirSync(project.path('models')).filter((name) => name.endsWith('.sim'))).toHaveLength(60);
  const { stdout } = await run(Profile, 'models', '-b', 'simulated', '-o', 'rows.jsonl');
  expect(stdout).toContain('60 configurations measured, 0 flagged as uncertain, 0 failed; 60 rows in rows.jsonl');
  await run(Train, 'rows.jsonl', '--seed', '5', '-o', 'by-hand.json');
  expect(essence('by-hand.json')).toEqual(essence(BUILT));
  expect(readdirSync(project.folder).filter((name) => name.endsWith('.journal'))).toEqual([]);

  const argv = ['toy', '-c', 'HW=28,CIN=40', '--no-check', '--json'];
  const predictions = [await run(Predict, ...argv, '-p', 'by-hand.json'), await run(Predict, ...argv, '-w', 'ws')].map(
    (outcome) => (outcome.json() as { predictions: unknown }).predictions,
  );
  expect(predictions[0]).toEqual(predictions[1]);
});

test('a table that cannot hold the rows is refused before anything is measured', async () => {
  const graph = readdirSync(project.path('graphs')).find((name) => name.endsWith('.json')) as string;
  const argv = ['configs.jsonl', `graphs/${graph}`, '-b', 'simulated', '-o', 'both.csv'];
  const { exitCode, stderr } = await runCommand(Profile, argv, project.folder);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('A table holds one kernel, not 2: toy, of no kernel.')]);
  expect(readdirSync(project.folder).filter((name) => name.startsWith('both'))).toEqual([]);
});

test('the same as tables, straight from configurations, under the settings of the workspace', async () => {
  await run(Sample, 'toy', '-n', '40', '--holdout', '20', '-w', 'ws', '-o', 'configs.csv');
  await run(Profile, 'configs.csv', '-w', 'ws', '-o', 'rows.csv');
  expect(await readFile(project.path('rows.csv'), 'utf8')).toMatch(/^kernel,id,mark,HW,CIN,latency_ms,/);
  await run(Train, 'rows.csv', '-w', 'ws', '-o', 'by-table.json');
  expect(essence('by-table.json')).toEqual(essence(BUILT));
});

test('what is exported trains the same, and is imported elsewhere', async () => {
  const { stdout } = await run(Export, 'toy', '-w', 'ws', '-o', '-');
  await writeFile(project.path('exported.csv'), stdout);
  await run(Train, 'exported.csv', '-b', 'simulated', '--seed', '5', '-o', 'exported.json');
  expect(essence('exported.json')).toEqual(essence(BUILT));

  await using other = await makeSimulatedWorkspace();
  await writeFile(other.path('exported.csv'), stdout);
  const imported = await runCommand(Import, ['exported.csv', '-w', 'ws', '--json'], other.folder);
  expect(imported.json()).toMatchObject({ kernels: [{ kernel: 'toy', rows: 60 }], problems: [] });
  const checked = await runCommand(Check, ['ws'], other.folder);
  expect(checked.stdout).toContain('nothing is wrong');
  const trained = await runCommand(Train, ['toy', '-w', 'ws', '--json'], other.folder);
  expect(trained.json()).toMatchObject({ rows: { imported: 60, measured: 0, holdout: 0 } });
});

test('graphs and models of nobody are measured as they are', async () => {
  await writeFile(
    project.path('mine.json'),
    await readFile(project.path('graphs', readdirSync(project.path('graphs')).find((name) => name.startsWith('toy_')) as string), 'utf8'),
  );
  await run(Convert, 'mine.json', '-b', 'simulated', '-o', 'mine');
  const measured = await run(Profile, 'mine', 'mine.json', '-b', 'simulated', '--json');
  const { rows } = measured.json() as { rows: readonly { kernel?: string; id: string; latencyMs: number }[] };
  expect(rows.map(({ kernel, id }) => [kernel, id])).toEqual([
    [undefined, 'mine'],
    [undefined, 'mine_2'],
  ]);
  expect(rows[0]?.latencyMs).toBeCloseTo(rows[1]?.latencyMs as number, 10);
});
