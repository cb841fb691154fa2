import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CommandClass, runCommand } from '../../test/run-command.ts';
import { makeSimulatedWorkspace } from '../../test/simulated-workspace.ts';
import type { TempProject } from '../../test/temp-project.ts';
import Build from '../commands/build.ts';
import Connect from '../commands/connect.ts';
import Kernels from '../commands/kernels.ts';
import Trust from '../commands/trust.ts';

// A home that nobody can write to: here, a folder below a file, which is so for every user on every system.
const NAMES = ['NNM_HOME', 'XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME'] as const;
const before = NAMES.map((name) => [name, process.env[name]] as const);
let project: TempProject;
beforeAll(async () => {
  project = await makeSimulatedWorkspace();
  await writeFile(project.path('file'), '');
  for (const name of NAMES) process.env[name] = project.path('file', 'home');
});
afterAll(async () => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  await project[Symbol.asyncDispose]();
});

test.each<[CommandClass, readonly string[]]>([
  [Kernels, []],
  [Connect, ['-w', 'ws']],
  [Build, ['-w', 'ws']],
])('%# works all the same', async (command, argv) => {
  const { exitCode, stderr } = await runCommand(command, argv, project.folder);
  expect([exitCode, stderr]).toEqual([0, expect.not.stringMatching(/^Error: /m)]);
});

test('what has to be kept there says that it cannot be', async () => {
  const { exitCode, stderr } = await runCommand(Trust, [], project.folder);
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^Error: .*file.*home.* \[ERR_FILE_ACCESS\]\nHint: .*\n$/m)]);
});
