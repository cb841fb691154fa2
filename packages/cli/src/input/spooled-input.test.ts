import { createReadStream, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { serialiseBundle } from '@nnm/model';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { estimateBundle, smallNetwork, tfliteFile } from '../../test/network-files.ts';
import { type CommandClass, runCommand } from '../../test/run-command.ts';
import { makeSimulatedWorkspace } from '../../test/simulated-workspace.ts';
import type { TempProject } from '../../test/temp-project.ts';
import Compare from '../commands/compare.ts';
import Predict from '../commands/predict.ts';
import Report from '../commands/report.ts';
import Train from '../commands/train.ts';

const rows = Array.from({ length: 20 }, (_, i) => [
  `ROW${i + 100}`,
  { config: { HW: 14, CIN: 16 + i }, latency: `${1 + i / 10} +- 0.001` },
]);

let project: TempProject;
beforeAll(async () => {
  project = await makeSimulatedWorkspace();
  await writeFile(project.path('net.tflite'), await tfliteFile(smallNetwork()));
  await writeFile(project.path('a.nnm.json'), serialiseBundle(estimateBundle));
  await writeFile(project.path('other.nnm.json'), serialiseBundle({ ...estimateBundle, backend: 'simulated' }));
  await writeFile(project.path('data.json'), JSON.stringify({ toy: Object.fromEntries(rows) }));
});
afterAll(() => project[Symbol.asyncDispose]());
afterEach(() => vi.restoreAllMocks());

test.each<[string, CommandClass, readonly string[], RegExp]>([
  ['net.tflite', Predict, ['-', '-p', 'a.nnm.json'], /^standard input on tflite_cpu/m],
  [
    'net.tflite',
    Predict,
    ['-', '-p', 'other.nnm.json', '--against', 'measured'],
    /not measured: standard input cannot be measured on simulated/,
  ],
  ['a.nnm.json', Predict, ['net.tflite', '-p', '-'], /net\.tflite.* on tflite_cpu/],
  ['net.tflite', Report, ['-', '-p', 'a.nnm.json', '--format', 'markdown', '-o', '-'], /standard input/],
  ['data.json', Compare, ['data.json', '-'], /toy +same/],
  ['data.json', Train, ['toy', '--configs', '-', '-w', 'ws'], /Imported 20 rows of toy/],
])('%s on standard input is read by %o %j', async (file, command, argv, said) => {
  const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('nnm-stdin-'));
  const before = left();
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(createReadStream(project.path(file)) as unknown as typeof process.stdin);
  const { stdout, stderr, exitCode } = await runCommand(command, argv, project.folder);
  expect([exitCode, stderr]).toEqual([0, expect.not.stringContaining('Error')]);
  expect(stdout).toMatch(said);
  expect(left()).toEqual(before);
});
