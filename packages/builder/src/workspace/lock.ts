import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { NnmError } from '@nnm/core';
import { explainFileError } from './files.ts';
import type { Workspace } from './workspace.ts';

/** Another process is building in the workspace. */
export class WorkspaceBusyError extends NnmError {
  constructor(details: { folder: string; pid: number; host: string }) {
    super({
      code: 'ERR_WORKSPACE_BUSY',
      message: `Process ${details.pid} on ${details.host} is already building in ${details.folder}.`,
      hint: `Wait until it has finished, or stop process ${details.pid}.`,
      details,
    });
  }
}

interface LockOwner {
  readonly pid: number;
  readonly host: string;
}

/**
 * Claim a workspace for this process; a lock left behind by a process that is gone is taken over.
 *
 * @returns a function that gives the workspace free again
 * @throws {@link WorkspaceBusyError} naming the other process
 */
export async function lockWorkspace(workspace: Workspace): Promise<() => Promise<void>> {
  const file = workspace.paths.lock;
  const me: LockOwner = { pid: process.pid, host: hostname() };
  for (;;) {
    if (await createLock(file, me)) return () => rm(file, { force: true });
    const owner = await readOwner(file);
    if (owner !== undefined && (owner.host !== me.host || isRunning(owner.pid))) {
      throw new WorkspaceBusyError({ folder: workspace.folder, ...owner });
    }
    // Renaming first makes sure that of two processes only one removes the stale lock.
    const stale = `${file}.${me.pid}`;
    await rename(file, stale).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw explainFileError(error, file, 'write');
    });
    await rm(stale, { force: true, recursive: true });
  }
}

/** Create the lock with its content in one step, so that nobody ever reads half of it; false when it exists already. */
async function createLock(file: string, owner: LockOwner): Promise<boolean> {
  const draft = `${file}.${owner.pid}.draft`;
  try {
    await writeFile(draft, JSON.stringify(owner));
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw explainFileError(error, file, 'write');
  } finally {
    await rm(draft, { force: true });
  }
}

async function readOwner(file: string): Promise<LockOwner | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  try {
    const owner = JSON.parse(text) as Partial<LockOwner>;
    return typeof owner.pid === 'number' && typeof owner.host === 'string' ? { pid: owner.pid, host: owner.host } : undefined;
  } catch {
    return undefined; // damaged: nobody holds it
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
