import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../../test/run-command.ts';
import { makeSimulatedWorkspace } from '../../test/simulated-workspace.ts';
import { program, start } from '../../test/start-program.ts';
import type { TempProject } from '../../test/temp-project.ts';
import Build from './build.ts';
import Predict from './predict.ts';

let project: TempProject;
beforeAll(async () => {
  project = await makeSimulatedWorkspace();
  const { exitCode, stderr } = await runCommand(Build, ['-w', 'ws'], project.folder);
  expect(exitCode, stderr).toBe(0);
});
afterAll(() => project[Symbol.asyncDispose]());

const base = ['predict', 'toy', '-w', 'ws', '--no-check'];

/** What the program makes of standard input. */
async function pipe(argv: readonly string[], input: string) {
  const { child, ended } = start([...base, ...argv], project.folder);
  child.stdin.end(input);
  return ended;
}

test.each([
  ['CSV', [], 'HW,CIN,note\n28,64,a\n14,32,b\n'],
  ['JSON Lines', [], '{"HW":28,"CIN":64,"note":1}\n{"HW":14,"CIN":32}\n'],
  ['JSON', [], '[\n {"HW":28,"CIN":64},\n {"HW":14,"CIN":32}\n]\n'],
  ['what --input-format says', ['--input-format', 'jsonl'], '{"HW":28,"CIN":64}\n{"HW":14,"CIN":32}\n'],
] as const)('standard input as %s', async (_, argv, input) => {
  for (const name of process.platform === 'win32' ? ['-'] : ['-', '/dev/stdin']) {
    const { stdout, stderr, exitCode } = await pipe(['-f', name, '--json', ...argv], input);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout).predictions.map(({ config }: { config: unknown }) => config)).toEqual([
      { HW: 28, CIN: 64 },
      { HW: 14, CIN: 32 },
    ]);
  }
});

test('what is wrong with a line of standard input is said of it', async () => {
  const { stderr, exitCode } = await pipe(['-f', '-'], '{"HW":28,"CIN":64}\n{"HW":28,"CINN":64}\n');
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/standard input.*:2.*CIN is missing.*\[ERR_INVALID_FILE\]/s)]);
});

test('standard input is not replaced by its own predictions', async ({ skip }) => {
  if (process.platform === 'win32') skip('files have no number there that standard input has, too');
  const file = project.path('own.csv');
  await writeFile(file, 'HW,CIN\n28,64\n');
  const input = await open(file);
  const argv = [program, ...base, '-f', '-', '-o', 'own.csv'];
  const child = spawn(process.execPath, argv, { cwd: project.folder, stdio: [input.fd, 'ignore', 'ignore'] });
  const [exitCode] = await once(child, 'close');
  await input.close();
  expect([exitCode, await readFile(file, 'utf8')]).toEqual([2, 'HW,CIN\n28,64\n']);
});

test('a row with a cell too many keeps it, and its line is named once', async () => {
  await writeFile(project.path('wide.csv'), 'HW,CIN,note\n28,64,a\n28,64,a,b\n');
  for (const output of ['wide.out.csv', 'wide.out.jsonl']) {
    const { exitCode, stderr } = await runCommand(Predict, [...base.slice(1), '-f', 'wide.csv', '-o', output], project.folder);
    const [good, bad] = (await readFile(project.path(output), 'utf8')).trim().split('\n').slice(-2) as [string, string];
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('wide.csv:3: it has 4 cells, the first line 3;')]);
    expect(good).not.toContain('cells');
    expect(bad.replaceAll('\\"', '""')).toContain('line 3 it has 4 cells, the first line 3; beyond its last column: ""b""');
  }
});

test('own keys of JSON Lines come out as own columns of CSV do', async () => {
  await writeFile(project.path('own.jsonl'), '{"HW":28,"CIN":64,"u":"mine"}\n');
  await writeFile(project.path('own-columns.csv'), 'HW,CIN,u\n28,64,mine\n');
  const lines: string[] = [];
  for (const input of ['own.jsonl', 'own-columns.csv']) {
    const { exitCode } = await runCommand(Predict, [...base.slice(1), '-f', input, '-o', 'own.out.jsonl'], project.folder);
    lines.push(`${exitCode} ${await readFile(project.path('own.out.jsonl'), 'utf8')}`);
  }
  expect(lines[0]).toMatch(/^0 .*"u":"mine"/);
  expect(lines[1]).toBe(lines[0]);
});
