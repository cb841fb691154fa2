import { readFile, writeFile } from 'node:fs/promises';
import { lockWorkspace, openWorkspace } from '@nnm/builder';
import { expect, it } from 'vitest';
import { runCommand } from '../../test/run-command.ts';
import { makeSimulatedWorkspace } from '../../test/simulated-workspace.ts';
import Build from './build.ts';
import Profile from './profile.ts';
import Status from './status.ts';

it('says how far a workspace is, from nothing to the end, and who builds there', async () => {
  await using project = await makeSimulatedWorkspace();
  const status = (...argv: readonly string[]) => runCommand(Status, ['ws', ...argv], project.folder);
  expect((await status()).stdout).toMatch(/^toy +0 +0 +0 +0 +0 of 2 +- +waiting$/m);
  expect((await status()).stdout).toContain('nobody builds there now.');

  await runCommand(Profile, ['-w', 'ws'], project.folder);
  expect((await status()).stdout).toMatch(/^toy +60 +60 +0 +0 +0 of 2 +- +measured$/m);

  const { exitCode, stderr } = await runCommand(Build, ['-w', 'ws'], project.folder);
  expect(exitCode, stderr).toBe(0);
  const { kernels } = (await status('--json')).json() as { kernels: readonly { rounds: number; acc10: number; finished: boolean }[] };
  expect(kernels).toMatchObject([{ kernel: 'toy', finished: true, failed: 0 }]);
  expect(kernels[0]?.rounds).toBeGreaterThan(0);
  expect(kernels[0]?.acc10).toBeGreaterThan(0.5);

  const release = await lockWorkspace(await openWorkspace(project.path('ws')));
  expect((await status()).stdout).toContain(`process ${process.pid} on `);
  await release();
});

it('tells what a time budget has ended in the middle', async () => {
  await using project = await makeSimulatedWorkspace();
  await runCommand(Profile, ['-w', 'ws'], project.folder);
  const journal = project.path('ws', 'predictor_build', 'results', 'toy.jsonl');
  const lines = (await readFile(journal, 'utf8')).trimEnd().split('\n');
  const records = lines.filter((line) => line.includes('"type":"record"'));
  await writeFile(journal, `${lines.filter((line) => !records.slice(0, 7).includes(line)).join('\n')}\n`);
  const { stdout } = await runCommand(Status, ['ws'], project.folder);
  expect(stdout).toMatch(/^toy +60 +53 +0 +0 +0 of 2 +- +7 left to measure, 7 of them begun$/m);
});
