import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CommandClass, runCommand } from '../../test/run-command.ts';
import { makeSimulatedWorkspace } from '../../test/simulated-workspace.ts';
import type { TempProject } from '../../test/temp-project.ts';
import Build from '../commands/build.ts';
import Kernels from '../commands/kernels.ts';
import Predict from '../commands/predict.ts';
import Status from '../commands/status.ts';

// A locale without UTF-8: what is written for people is ASCII, and tables stay aligned.
const before = process.env.LC_ALL;
let project: TempProject;
beforeAll(async () => {
  project = await makeSimulatedWorkspace();
  process.env.LC_ALL = 'C';
});
afterAll(async () => {
  if (before === undefined) delete process.env.LC_ALL;
  else process.env.LC_ALL = before;
  await project[Symbol.asyncDispose]();
});

test.each<[CommandClass, readonly string[]]>([
  [Build, ['-w', 'ws']],
  [Status, ['ws']],
  [Predict, ['toy', '-w', 'ws', '-c', 'HW=7,CIN=500', '--no-check']],
  [Kernels, ['toy']],
  [Kernels, ['no-such-kernel']],
])('%# writes ASCII alone', async (command, argv) => {
  const { stdout, stderr } = await runCommand(command, argv, project.folder);
  expect(`${stdout}${stderr}`).toMatch(/^[\t\n -~]+$/);
});

test('columns stay aligned', async () => {
  const { stdout } = await runCommand(Status, ['ws'], project.folder);
  const [head = '', row = ''] = stdout.split('\n');
  expect(head).toContain('WITHIN +-10 %');
  expect(row.indexOf('%')).toBe(head.indexOf('%'));
});
