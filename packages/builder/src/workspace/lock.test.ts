import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockWorkspace, WorkspaceBusyError } from './lock.ts';
import type { ProcessTable } from './presence.ts';
import { thisProcess } from './process-identity.ts';
import { initWorkspace, type Workspace } from './workspace.ts';

let folder: string;
let workspace: Workspace;
beforeEach(async () => {
  // In memory, where there is such a place: what is tested waits for disks again and again.
  folder = await mkdtemp(path.join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'nnm lock '));
  workspace = await initWorkspace(path.join(folder, 'w'), { buildConfig: '', backendConfig: '' }, 1);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const gone = { ...thisProcess(), began: 'long ago' };
const elsewhere = { pid: 1, host: 'build-7', boot: 'other', machine: 'other', began: '5' };

async function leaveLock(owner: object, number = 1): Promise<void> {
  await mkdir(workspace.paths.locks, { recursive: true });
  await writeFile(path.join(workspace.paths.locks, `${number}.json`), JSON.stringify(owner));
}
const locks = async () => (await readdir(workspace.paths.locks)).sort();
const refusal = async (options?: Parameters<typeof lockWorkspace>[1]) => {
  const error = await lockWorkspace(workspace, options).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(WorkspaceBusyError);
  return error as WorkspaceBusyError;
};

describe('a lock', () => {
  it('refuses a second builder, naming its process and the file', async () => {
    const release = await lockWorkspace(workspace);
    const { message, hint } = await refusal();
    expect(message).toContain(`Process ${process.pid} on`);
    expect(message).toContain(path.join(workspace.paths.locks, '1.json'));
    expect(hint).toBe(`Wait until it has finished, or stop process ${process.pid}.`);
    await release();
    await (await lockWorkspace(workspace))();
    expect(await locks()).toEqual(['2.released']);
  });

  it('is taken over from a process that is gone, although its number is in use again', async () => {
    await leaveLock(gone);
    const release = await lockWorkspace(workspace);
    expect((await locks()).filter((name) => !name.endsWith('.sock'))).toEqual(['2.json']);
    await release();
    expect(await locks()).toEqual(['2.released']);
  });

  it('of another machine is kept, with the way out named', async () => {
    await leaveLock(elsewhere, 12);
    const { message, hint } = await refusal();
    expect(message).toMatch(
      /Process 1 on build-7 has claimed .* with the lock .*12\.json, and it cannot be seen from here whether it still runs\./,
    );
    expect(hint).toContain('--break-lock');
    await (await lockWorkspace(workspace, { breakLock: true }))();
    expect(await locks()).toEqual(['13.released']);
  });

  it('that names nobody is kept until it is broken', async () => {
    await leaveLock({});
    expect((await refusal()).message).toContain('A process that cannot be told from the lock');
    await (await lockWorkspace(workspace, { breakLock: true }))();
  });

  it('that was broken is not released by its first owner', async () => {
    const first = await lockWorkspace(workspace);
    const second = await lockWorkspace(workspace, { breakLock: true });
    await first();
    await refusal();
    await second();
    expect(await locks()).toEqual(['2.released']);
  });

  it('of an earlier version is respected, and removed when it was left behind', async () => {
    const { host } = thisProcess();
    await writeFile(workspace.paths.lock, JSON.stringify({ pid: process.ppid, host }));
    expect((await refusal()).message).toContain(workspace.paths.lock);
    for (const left of [JSON.stringify({ pid: 2 ** 22 - 1, host }), JSON.stringify({ pid: process.pid, host }), '{"pid":', undefined]) {
      if (left === undefined) await mkdir(workspace.paths.lock);
      else await writeFile(workspace.paths.lock, left);
      await (await lockWorkspace(workspace))();
      expect(existsSync(workspace.paths.lock)).toBe(false);
    }
  });

  it('breaks only the lock that was meant, not the one of somebody who was quicker', async () => {
    await leaveLock(elsewhere);
    const processes: ProcessTable = {
      announce: async () => ({ owner: thisProcess(), withdraw: () => undefined }),
      stateOf: async (owner) => {
        // While this one looks at the old lock, another process breaks it.
        if (owner.host === 'build-7') await leaveLock({ ...thisProcess(), pid: 99 }, 2);
        return owner.host === 'build-7' ? 'unknown' : 'running';
      },
    };
    expect((await refusal({ breakLock: true, processes })).message).toContain('Process 99');
  });

  it('is not won with a number that was used and removed meanwhile', async () => {
    await leaveLock(gone, 4);
    const processes: ProcessTable = {
      announce: async () => ({ owner: thisProcess(), withdraw: () => undefined }),
      stateOf: async (owner) => {
        if (owner.began !== 'long ago') return 'running';
        // While this one looks, others take number 5 over, release it, and take and hold number 6.
        await rm(path.join(workspace.paths.locks, '4.json'));
        await leaveLock({ ...thisProcess(), pid: 66 }, 6);
        return 'gone';
      },
    };
    expect((await refusal({ processes })).message).toContain('Process 66');
    expect(await locks()).toEqual(['6.json']);
  });
});

const rival = fileURLToPath(new URL('./__fixtures__/lock-rival.ts', import.meta.url));
const startArguments = ['--import', 'tsx', '--conditions=@nnm/source'];
const RIVALS = 4;
const ROUNDS = 160;

it(`${RIVALS} processes never hold a lock together, in ${ROUNDS} rounds that begin with a stale one`, async () => {
  const rivals = Array.from({ length: RIVALS }, () => fork(rival, { execArgv: startArguments }));
  const answer = async (child: ChildProcess) => (await once(child, 'message'))[0] as { clashes: number };
  try {
    await Promise.all(rivals.map(answer));
    let clashes = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const { folder: place } = await initWorkspace(path.join(folder, String(round)), { buildConfig: '', backendConfig: '' }, 1);
      workspace = { ...workspace, paths: { ...workspace.paths, locks: path.join(place, 'predictor_build', 'locks') } };
      await leaveLock(gone);
      const answers = rivals.map(answer);
      for (const child of rivals) child.send({ folder: place, times: 1 });
      for (const given of await Promise.all(answers)) clashes += given.clashes;
    }
    expect(clashes).toBe(0);
  } finally {
    for (const child of rivals) child.kill();
  }
});

const canUnshare = process.platform === 'linux' && process.getuid?.() === 0 && unshares();

function unshares(): boolean {
  try {
    execFileSync('unshare', ['--pid', '--fork', '--mount-proc', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // no such program, or not allowed
  }
}

it.skipIf(!canUnshare)(
  'is seen from another container while its owner lives, and taken over once it was killed (needs root and unshare)',
  async () => {
    const hold = `const { lockWorkspace } = await import(${JSON.stringify(new URL('./lock.ts', import.meta.url))});
    const { openWorkspace } = await import(${JSON.stringify(new URL('./workspace.ts', import.meta.url))});
    await lockWorkspace(await openWorkspace(${JSON.stringify(workspace.folder)}));
    console.log('held');
    setInterval(() => undefined, 1000);`;
    const script = path.join(folder, 'hold.mts');
    await writeFile(script, hold);
    const child = spawn('unshare', ['--pid', '--fork', '--kill-child', '--mount-proc', process.execPath, ...startArguments, script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: fileURLToPath(new URL('.', import.meta.url)),
    });
    await once(child.stdout, 'data');
    const owner = JSON.parse(await readFile(path.join(workspace.paths.locks, '1.json'), 'utf8'));
    expect(owner.pid).toBe(1);
    expect((await refusal()).message).toContain('Process 1 on');
    child.kill('SIGKILL');
    await once(child, 'close'); // its output ends with the last process that has it
    await (await lockWorkspace(workspace))();
    expect(await locks()).toEqual(['2.released']);
  },
);
