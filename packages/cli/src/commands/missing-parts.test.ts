import { cp, rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../../test/run-command.ts';
import { editFile, makeSimulatedProject, makeSimulatedWorkspace } from '../../test/simulated-workspace.ts';
import type { TempProject } from '../../test/temp-project.ts';
import Build from './build.ts';
import Connect from './connect.ts';
import Export from './export.ts';
import Predict from './predict.ts';
import Profile from './profile.ts';

let measured: TempProject;
beforeAll(async () => {
  measured = await makeSimulatedWorkspace();
  const { exitCode, stderr } = await runCommand(Build, ['-w', 'ws'], measured.folder);
  expect(exitCode, stderr).toBe(0);
});
afterAll(() => measured[Symbol.asyncDispose]());

/** A copy of the measured workspace, with what it lacks. */
async function copyWithout(part: 'a kernel' | 'the backend'): Promise<TempProject> {
  const project = await makeSimulatedProject();
  await cp(measured.path('ws'), project.path('ws'), { recursive: true });
  const configs = (name: string) => project.path('ws', 'configs', name);
  if (part === 'a kernel')
    await editFile(configs('predictorbuild_config.yaml'), (text) => text.replace('KERNELS:\n', 'KERNELS:\n  gone-conv:\n'));
  else await editFile(configs('backend_config.yaml'), (text) => text.replace('BACKEND: simulated', 'BACKEND: gone_board'));
  return project;
}

const predict = ['toy', '-w', 'ws', '-c', 'HW=28,CIN=64'];

it('a listed kernel that nothing provides stops nothing but itself', async () => {
  await using project = await copyWithout('a kernel');
  const left = /Left out: .*predictorbuild_config\.yaml:\d+ KERNELS\.gone-conv: there is no kernel "gone-conv"/;
  for (const [command, argv] of [
    [Predict, [...predict, '--no-check']],
    [Export, ['-w', 'ws']],
    [Build, ['toy', '-w', 'ws']],
  ] as const) {
    const { exitCode, stderr } = await runCommand(command, argv, project.folder);
    expect([exitCode, stderr]).toEqual([0, expect.stringMatching(left)]);
  }
  // Asked for all of them, these did not do all that they were asked
  const built = await runCommand(Build, ['-w', 'ws', '--json'], project.folder);
  expect([built.exitCode, built.json()]).toEqual([
    1,
    expect.objectContaining({
      predictors: [expect.objectContaining({ family: 'toy' })],
      failures: [{ kernel: 'gone-conv', code: 'ERR_UNKNOWN_KERNEL', message: expect.stringContaining('there is no kernel') }],
    }),
  ]);
  expect(await runCommand(Profile, ['-w', 'ws', '--samples', '12'], project.folder)).toMatchObject({ exitCode: 1 });
  expect((await runCommand(Build, ['gone-conv', '-w', 'ws'], project.folder)).stderr).toContain('[ERR_UNKNOWN_KERNEL]');
});

it('without its backend a workspace can still be exported and asked', async () => {
  await using project = await copyWithout('the backend');
  expect(await runCommand(Export, ['-w', 'ws'], project.folder)).toMatchObject({ exitCode: 0, stderr: '' });
  const asked = await runCommand(Predict, predict, project.folder);
  expect([asked.exitCode, asked.stdout]).toEqual([0, expect.stringContaining('ms')]);
  expect(asked.stderr).toMatch(/measured under other conditions: the runtime does not start here \(.*gone_board/s);
  for (const [command, argv] of [
    [Build, ['-w', 'ws']],
    [Profile, ['-w', 'ws']],
    [Connect, ['-w', 'ws']],
    [Predict, [...predict, '--measure']],
  ] as const) {
    const { exitCode, stderr } = await runCommand(command, argv, project.folder);
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/BACKEND: there is no backend "gone_board".* \[ERR_INVALID_FILE\]/s)]);
  }
});

it('a kernel whose plugin cannot be loaded is named with the reason', async () => {
  await using project = await makeSimulatedProject({ 'broken.mjs': 'throw new Error("no licence");' });
  await editFile(project.path('nnm.config.json'), (text) => text.replace('"plugins":[', '"plugins":["./broken.mjs",'));
  await cp(measured.path('ws'), project.path('ws'), { recursive: true });
  expect(await runCommand(Export, ['-w', 'ws'], project.folder)).toMatchObject({
    exitCode: 0,
    stderr: expect.stringContaining('no licence'),
  });
  await rm(project.path('ws'), { recursive: true });
});
