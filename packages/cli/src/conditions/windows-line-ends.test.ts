import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type CommandClass, type Outcome, runCommand } from '../../test/run-command.ts';
import { makeSimulatedWorkspace } from '../../test/simulated-workspace.ts';
import Build from '../commands/build.ts';
import Check from '../commands/check.ts';
import Export from '../commands/export.ts';
import Import from '../commands/import.ts';
import Predict from '../commands/predict.ts';
import Profile from '../commands/profile.ts';
import Sample from '../commands/sample.ts';
import Status from '../commands/status.ts';
import Train from '../commands/train.ts';

/** Give every file below a folder the line ends of Windows, as version control there does. */
function toWindows(place: string): void {
  if (statSync(place).isDirectory()) for (const name of readdirSync(place)) toWindows(path.join(place, name));
  else writeFileSync(place, readFileSync(place, 'latin1').replaceAll(/\r?\n/g, '\r\n'), 'latin1');
}

test('every file that nnm reads may have the line ends of Windows', async () => {
  await using project = await makeSimulatedWorkspace();
  const run = async (command: CommandClass, ...argv: string[]): Promise<Outcome> => {
    const outcome = await runCommand(command, argv, project.folder);
    expect(outcome.exitCode, `${argv.join(' ')}\n${outcome.stderr}${outcome.stdout}`).toBe(0);
    return outcome;
  };
  toWindows(project.folder);
  await run(Build, '-w', 'ws');
  for (const [name, file] of [
    ['csv', 'rows.csv'],
    ['jsonl', 'rows.jsonl'],
  ] as const) {
    await run(Sample, 'toy', '-n', '12', '-o', `configs.${name}`);
    toWindows(project.folder);
    await run(Profile, `configs.${name}`, '-b', 'simulated', '-o', file);
    toWindows(project.folder);
    await run(Train, file, '-o', `${name}.json`);
    await run(Import, file, '-w', 'ws');
    toWindows(project.folder);
    await run(Predict, 'toy', '-f', `configs.${name}`, '-p', `${name}.json`);
  }
  expect((await run(Status, 'ws')).stdout).toMatch(/^toy +\d+ .* finished$/m);
  expect((await run(Check, 'ws')).stdout).toContain('nothing is wrong');
  await run(Export, '-w', 'ws');
  await run(Train, 'toy', '-w', 'ws');
  toWindows(project.folder);
  const { stderr } = await run(Build, '-w', 'ws');
  expect(stderr).toContain('are in the journal already; carrying on');
});
