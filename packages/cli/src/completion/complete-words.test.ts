import { spawnSync } from 'node:child_process';
import { beforeAll, expect, test } from 'vitest';
import { loadCommands } from '../../test/all-commands.ts';
import { runCommand } from '../../test/run-command.ts';
import { makeSimulatedProject } from '../../test/simulated-workspace.ts';
import Autocomplete from '../commands/autocomplete.ts';
import Complete from '../commands/complete.ts';
import { completeWords, type KnownCommand } from './complete-words.ts';

let commands: readonly KnownCommand[];
beforeAll(async () => {
  commands = await loadCommands();
});

class CompleteHere extends Complete {
  protected override get commands(): readonly KnownCommand[] {
    return commands;
  }
}

const NAMES = { kernel: ['conv-bn-relu', 'fc'], backend: ['tflite_cpu', 'torch_cpu'] };
const complete = async (line: string) => {
  const { values, files } = await completeWords(line.split(' '), commands, async (kind) =>
    NAMES[kind].map((value) => ({ value, description: '' })),
  );
  return [values.map(({ value }) => value).sort(), files];
};

test.each([
  ['bui', ['build'], false],
  ['plugins ad', ['add'], false],
  ['kernels con', ['conv-bn-relu'], true],
  ['build conv-bn-relu f', ['fc'], true],
  ['create x --backend t', ['tflite_cpu', 'torch_cpu'], false],
  ['create x --backend=tf', ['--backend=tflite_cpu'], false],
  ['connect -b to', ['torch_cpu'], false],
  ['create x --kernels fc,co', ['fc,conv-bn-relu'], false],
  ['report --format m', ['markdown'], false],
  ['build --bud', ['--budget'], false],
  ['build --no-tr', ['--no-trust'], false],
  ['profile --kernel f', ['fc'], false],
  ['predict conv-bn-relu --file x', [], true],
  ['build --budget 2', [], false],
  ['nonsense x', [], false],
  ['comp', ['compare'], false],
])('%s', async (line, values, files) => {
  expect(await complete(line)).toEqual([values, files]);
});

test('names of plugins of the project complete, without asking whether their code may run', async () => {
  await using project = await makeSimulatedProject();
  const { stdout } = await runCommand(CompleteHere, ['--', 'build', 't'], project.folder);
  expect(stdout).toBe('toy\ta 1x1 convolution and a ReLU\n:0\n');
  const trust = process.env.NNM_TRUST;
  delete process.env.NNM_TRUST;
  try {
    const untrusted = await runCommand(CompleteHere, ['--', 'build', 't'], project.folder);
    expect([untrusted.stdout, untrusted.stderr, untrusted.exitCode]).toEqual([':0\n', '', 0]);
  } finally {
    process.env.NNM_TRUST = trust;
  }
});

test.each(['bash', 'zsh', 'fish', 'powershell'])('the script for %s asks nnm', async (shell) => {
  const { stdout, exitCode } = await runCommand(Autocomplete, [shell], process.cwd());
  expect(exitCode).toBe(0);
  expect(stdout).toContain(' complete ');
});

test('in bash the script offers what nnm answers, without further packages', async ({ skip }) => {
  if (spawnSync('bash', ['--version']).status !== 0) skip('there is no bash here');
  const { stdout: script } = await runCommand(Autocomplete, ['bash'], process.cwd());
  const answer = 'nnm() { if [ "$*" = "complete -- build to" ]; then printf "toy\\tsmall\\n:0\\n"; fi; }';
  const press = 'COMP_WORDS=(nnm build to); COMP_CWORD=2; __nnm_complete; printf "<%s>" "$COMPREPLY"';
  const { stdout } = spawnSync('bash', ['--norc', '-c', `${answer}\n${script}\n${press}`], { encoding: 'utf8' });
  expect(stdout).toBe('<toy>');
});
