import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { RedisServer, redisMissing } from '../../../../fleet/src/__fixtures__/redis-server.ts';
import { runCommand } from '../../../test/run-command.ts';
import { makeSimulatedProject, makeSimulatedWorkspace } from '../../../test/simulated-workspace.ts';
import { start } from '../../../test/start-program.ts';
import Build from '../build.ts';
import FleetList from './list.ts';
import FleetStatus from './status.ts';

/** Records of a journal by id, in the order of the ids. */
async function recordsOf(file: string): Promise<readonly { readonly id: string; readonly stats: { readonly latencyMs: number } }[]> {
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  const records = lines.flatMap((line) => JSON.parse(line).record ?? []);
  return records.sort((a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1));
}

/** What of a result is the same wherever it is measured: its form. */
function formOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(formOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, formOf(inner)]));
}

describe.skipIf(redisMissing !== undefined)(`nnm over a queue${redisMissing === undefined ? '' : ` (skipped: ${redisMissing})`}`, () => {
  it('builds with two workers what it builds alone, and keeps the password to itself', async () => {
    await using redis = await RedisServer.start({ password: 'geheim' });
    await using project = await makeSimulatedWorkspace();
    await using alone = await makeSimulatedWorkspace();
    const env = { NNM_QUEUE: redis.url };
    const workers = [1, 2].map(() => start(['worker', '--workspace', 'ws', '--name', 'pi'], project.folder, env));
    await Promise.all(workers.map(({ says }) => says('measures for')));
    const everything = ['--workspace', 'ws', '--networks', '--json'];
    const build = await start(['build', ...everything], project.folder, env).ended;
    expect(build.exitCode, build.stderr).toBe(0);
    const own = await runCommand(Build, everything, alone.folder);
    expect(formOf(JSON.parse(build.stdout))).toEqual(formOf(own.json()));
    expect(JSON.parse(build.stdout).calibration.networks).not.toEqual([]);

    const journal = (folder: typeof project) => recordsOf(folder.path('ws', 'predictor_build', 'results', 'toy.jsonl'));
    const [there, here] = await Promise.all([journal(project), journal(alone)]);
    expect(there.map(({ id }) => id)).toEqual(here.map(({ id }) => id));
    for (const [index, { stats }] of there.entries()) expect(stats.latencyMs).toBeCloseTo(here[index]!.stats.latencyMs, 6);

    const list = await runCommand(FleetList, ['--queue', redis.url, '--json'], project.folder);
    expect(list.json()).toMatchObject({
      workers: [
        { device: 'pi', isLive: true },
        { device: 'pi', isLive: true },
      ],
    });
    const status = await runCommand(FleetStatus, ['--queue', redis.url], project.folder);
    expect(status.stdout).toMatch(/devices +pi\n/);
    for (const { child } of workers) child.kill('SIGTERM');
    const ends = await Promise.all(workers.map(({ ended }) => ended));
    expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const said = [build, list, status, ...ends].map(({ stdout, stderr }) => stdout + stderr).join('\n');
    expect(said + (await readFile(project.path('ws', 'predictor_build', 'results', 'toy.jsonl'), 'utf8'))).not.toContain('geheim');
    // Workers, models, results and chunks are gone.
    expect(await redis.ask((client) => client.keys('nnm:fleet:*'))).toEqual(['nnm:fleet:classes']);
  });

  it('ends a build without a worker when its budget does', async () => {
    await using redis = await RedisServer.start();
    await using project = await makeSimulatedWorkspace();
    const { exitCode, stderr } = await runCommand(Build, ['-w', 'ws', '--queue', redis.url, '--budget', '1s'], project.folder);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/Waiting for a worker that measures with simulated: none is there\./);
    expect(stderr).toMatch(/\[ERR_FLEET_NO_WORKER\]/);
  });
});

describe('the flags of a queue', () => {
  it.each([
    [['--device', 'browser'], /--device is for measuring here/],
    [['--device', 'browser', '--lan'], /--device and --lan are for measuring here/],
  ])('%j is refused beside it', async (flags, message) => {
    await using project = await makeSimulatedWorkspace();
    const { exitCode, stderr } = await runCommand(Build, ['-w', 'ws', '--queue', 'redis://127.0.0.1:1', ...flags], project.folder);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(message)]);
  });

  it('an address that is none does not show its password, and nobody there is one clear error', async () => {
    await using project = await makeSimulatedProject();
    const wrong = await runCommand(FleetList, ['--queue', 'http://me:geheim@host'], project.folder);
    expect([wrong.exitCode, wrong.stderr]).toEqual([1, expect.stringMatching(/it begins with "http:".*\[ERR_QUEUE_URL\]/)]);
    const nobody = await runCommand(FleetList, ['--queue', 'redis://me:geheim@127.0.0.1:1'], project.folder);
    expect(nobody.stderr).toMatch(
      /The queue at redis:\/\/me:\*\*\*@127\.0\.0\.1:1 cannot be reached: nothing listens there\. \[ERR_QUEUE_CONNECTION\]/,
    );
    expect(wrong.stderr + nobody.stderr).not.toContain('geheim');
    const none = await runCommand(FleetList, [], project.folder);
    expect([none.exitCode, none.stderr]).toEqual([2, expect.stringMatching(/No queue is named/)]);
  });
});
