import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../test/run-command.ts';
import { makeSimulatedWorkspace } from '../../test/simulated-workspace.ts';
import type { TempProject } from '../../test/temp-project.ts';
import Check from './check.ts';
import Profile from './profile.ts';

describe('nnm check', () => {
  let project: TempProject;
  const run = (...argv: string[]) => runCommand(Check, argv, project.folder);
  beforeAll(async () => {
    project = await makeSimulatedWorkspace();
    expect((await runCommand(Profile, ['toy', '-w', 'ws', '--samples', '10'], project.folder)).exitCode).toBe(0);
  });
  afterAll(() => project[Symbol.asyncDispose]());

  test('says that nothing is wrong', async () => {
    const { exitCode, stdout } = await run('ws');
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^\d+ files in ws: nothing is wrong\.$/m)]);
  });

  test('shows what is, ends with 1, repairs, and ends with 0', async () => {
    const results = project.path('ws', 'predictor_build', 'results');
    await rm(`${results}/profiled_toy.json`);
    await writeFile(`${results}/.nnm-0123456789ab.tmp`, '');
    const found = await run('-w', 'ws');
    expect(found.exitCode).toBe(1);
    expect(found.stdout).toMatch(/STATE +FILE +FOUND +WHAT TO DO/);
    expect(found.stdout).toMatch(/fault +predictor_build\/results\/profiled_toy\.json +\d+ ids missing.* --repair puts it right/);
    expect(found.stdout).toMatch(/: 2 faults\.$/m);
    expect((await run('ws', '--json')).json()).toMatchObject({ faults: 2, findings: [{ repairable: true }, { repairable: true }] });
    const repaired = await run('ws', '--repair');
    expect([repaired.exitCode, repaired.stdout]).toEqual([0, expect.stringMatching(/repaired +predictor_build/)]);
    expect(await readdir(results)).toContain('profiled_toy.json');
    expect((await run('ws')).exitCode).toBe(0);
  });

  test('names the lock of another machine, and the way out', async () => {
    const locks = project.path('ws', 'predictor_build', 'locks');
    await rm(locks, { recursive: true });
    await mkdir(locks);
    await writeFile(`${locks}/4.json`, JSON.stringify({ pid: 1, host: 'elsewhere', boot: 'x' }));
    const { exitCode, stdout } = await run('ws');
    expect([exitCode, stdout]).toEqual([1, expect.stringMatching(/locks\/4\.json +is held by process 1 on elsewhere.* --break-lock/)]);
    expect((await run('ws', '--repair')).stderr).toContain('ERR_WORKSPACE_BUSY');
    expect((await run('ws', '--repair', '--break-lock')).exitCode).toBe(0);
  });
});
