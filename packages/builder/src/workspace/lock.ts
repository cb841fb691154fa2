import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { NnmError } from '@nnm/core';
import { explainFileError, type FileSystem, writeFully } from '@nnm/profiler';
import { type LockOwner, type ProcessTable, systemProcesses } from './presence.ts';
import type { ProcessState } from './process-identity.ts';
import { removeTemporaryFiles } from './temporary-files.ts';
import type { Workspace } from './workspace.ts';

/** Another process works in the workspace, or may do so. */
export class WorkspaceBusyError extends NnmError {
  constructor(details: { folder: string; file: string; owner: LockOwner | undefined; state: ProcessState }) {
    const { folder, file, owner, state } = details;
    const who = owner === undefined ? 'A process that cannot be told from the lock' : `Process ${owner.pid} on ${owner.host}`;
    super({
      code: 'ERR_WORKSPACE_BUSY',
      message:
        state === 'running'
          ? `${who} is already building in ${folder}: it holds the lock ${file}.`
          : `${who} has claimed ${folder} with the lock ${file}, and it cannot be seen from here whether it still runs.`,
      hint:
        state === 'running' && owner !== undefined
          ? `Wait until it has finished, or stop process ${owner.pid}.`
          : 'Make sure that it does not run any more, then run the same command again with --break-lock.',
      details: { ...details },
    });
  }
}

/** How to claim a workspace. */
export interface LockOptions {
  /** Take over the lock that is there, whoever holds it. */
  readonly breakLock?: boolean;
  /** Default: those of this machine. */
  readonly processes?: ProcessTable;
}

/**
 * Claim a workspace for this process; a lock left behind by a process that is gone is taken over.
 *
 * A lock is a file with a number that is never used again, `predictor_build/locks/<number>.json`; the highest one counts. Claiming makes
 * the next higher file, which the file system lets only one process do, so no lock is ever removed to be taken over, and two processes that
 * find the same stale one cannot both have it. A released lock stays, under the name `<number>.released`, until a higher one is there.
 *
 * @returns a function that gives the workspace free again
 * @throws {@link WorkspaceBusyError} naming the other process and the file, {@link FileAccessError}
 */
export async function lockWorkspace(workspace: Workspace, options: LockOptions = {}): Promise<() => Promise<void>> {
  const { processes = systemProcesses } = options;
  const claim = new LockClaim(workspace, processes);
  try {
    return await claim.make(options.breakLock === true);
  } catch (error) {
    throw explainFileError(error, workspace.paths.locks, 'write');
  }
}

/** A lock that has not been released, with what can be said of who holds it. */
export interface HeldLock {
  readonly file: string;
  readonly owner: LockOwner | undefined;
  readonly state: ProcessState;
}

/** The locks of a workspace that have not been released: one that counts, or none. */
export async function readLocks(workspace: Workspace, processes: ProcessTable = systemProcesses): Promise<readonly HeldLock[]> {
  const { locks, lock } = workspace.paths;
  const highest = listLocks(locks, workspace.files).at(-1);
  const held = highest === undefined || highest.released ? [] : [path.join(locks, highest.name)];
  if (workspace.files.stat(lock) !== undefined) held.push(lock);
  return Promise.all(
    held.map(async (file) => {
      const owner = readOwner(file, workspace.files);
      return { file, owner, state: owner === undefined ? 'unknown' : await processes.stateOf(owner, locks) };
    }),
  );
}

const SOCKET_NAME = /^[0-9a-f]{12}\.sock$/;
const LOCK_NAME = /^(\d{1,15})\.(json|released)$/;

interface LockFile {
  readonly number: number;
  readonly name: string;
  readonly released: boolean;
}

class LockClaim {
  private readonly folder: string;
  private readonly files: FileSystem;
  private readonly token = randomBytes(6).toString('hex');

  constructor(
    private readonly workspace: Workspace,
    private readonly processes: ProcessTable,
  ) {
    this.folder = workspace.paths.locks;
    this.files = workspace.files;
  }

  async make(breakLock: boolean): Promise<() => Promise<void>> {
    this.files.makeFolder(this.folder);
    const presence = await this.processes.announce(this.folder, this.token);
    // The name of a temporary file, so that one that is left behind is known as such.
    const draft = path.join(this.folder, `.nnm-${this.token}.tmp`);
    try {
      const own = await this.win(presence.owner, draft, breakLock);
      this.sweep(own);
      removeTemporaryFiles(this.workspace);
      return async () => this.release(own, presence);
    } catch (error) {
      presence.withdraw();
      throw error;
    } finally {
      this.files.remove(draft);
    }
  }

  /** Make the file that is one higher than the highest. */
  private async win(owner: LockOwner, draft: string, breakLock: boolean): Promise<LockFile> {
    let mayBreak = breakLock;
    await this.refuseOldLock(mayBreak);
    for (;;) {
      const highest = this.listLocks().at(-1);
      if (highest !== undefined && !highest.released) {
        const isFree = await this.isFree(highest, mayBreak);
        if (isFree === undefined) continue;
        // Only the lock that was meant is broken, not the one of somebody who was quicker.
        if (isFree === 'broken') mayBreak = false;
      }
      const number = (highest?.number ?? 0) + 1;
      const own: LockFile = { number, name: `${number}.json`, released: false };
      this.writeDraft(draft, owner);
      if (!this.linkDraft(draft, own)) continue;
      // Whoever looked long ago may have made a file that others had made, released and removed meanwhile.
      const others = this.listLocks().filter(({ name }) => name !== own.name);
      if (!others.some((other) => other.number >= number)) return own;
      this.files.remove(path.join(this.folder, own.name));
    }
  }

  /** Whole before it gets a name that counts. Another process may sweep it away meanwhile: linking notices. */
  private writeDraft(draft: string, owner: LockOwner): void {
    const open = this.files.open(draft, 'truncate');
    try {
      writeFully(open, Buffer.from(`${JSON.stringify(owner, null, 2)}\n`));
      open.sync();
    } finally {
      open.close();
    }
  }

  /** False when another process was quicker, or swept the draft away. */
  private linkDraft(draft: string, own: LockFile): boolean {
    const file = path.join(this.folder, own.name);
    try {
      this.files.link(draft, file);
      return true;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST' || code === 'ENOENT') return false;
      if (code === undefined || !NO_LINKS.has(code)) throw error;
      return this.copyDraft(draft, file);
    }
  }

  /** Where files cannot have two names: the content follows the name, and who reads it in between cannot tell the owner. */
  private copyDraft(draft: string, file: string): boolean {
    try {
      const open = this.files.open(file, 'exclusive');
      try {
        writeFully(open, this.files.readFile(draft));
      } finally {
        open.close();
      }
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }

  /** Undefined when the lock is no longer there. @throws {@link WorkspaceBusyError} when it is held */
  private async isFree({ name }: LockFile, mayBreak: boolean): Promise<'left behind' | 'broken' | undefined> {
    const file = path.join(this.folder, name);
    const owner = readOwner(file, this.files);
    if (owner === undefined && this.files.stat(file) === undefined) return undefined;
    const state = owner === undefined ? 'unknown' : await this.processes.stateOf(owner, this.folder);
    if (state === 'gone') return 'left behind';
    if (mayBreak) return 'broken';
    throw new WorkspaceBusyError({ folder: this.workspace.folder, file, owner, state });
  }

  /** Earlier versions of nnm had one lock file; what they left behind is removed. */
  private async refuseOldLock(mayBreak: boolean): Promise<void> {
    const file = this.workspace.paths.lock;
    if (this.files.stat(file) === undefined) return;
    const owner = readOwner(file, this.files);
    const state = owner === undefined ? 'gone' : await this.processes.stateOf(owner, this.folder);
    if (state !== 'gone' && !mayBreak) throw new WorkspaceBusyError({ folder: this.workspace.folder, file, owner, state });
    this.files.remove(file);
  }

  /** Remove what earlier claims left. Nothing as high as the own lock is ever touched. What cannot be removed is left to the next one. */
  private sweep(own: LockFile): void {
    try {
      for (const { number, name } of this.listLocks()) {
        if (number >= own.number) continue;
        const file = path.join(this.folder, name);
        const socket = readOwner(file, this.files)?.socket;
        if (socket !== undefined && SOCKET_NAME.test(socket)) this.files.remove(path.join(this.folder, socket));
        this.files.remove(file);
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    }
  }

  private release(own: LockFile, presence: { withdraw(): void }): void {
    const file = path.join(this.folder, own.name);
    try {
      // Somebody may have broken it.
      if (this.files.stat(file) !== undefined) this.files.rename(file, path.join(this.folder, `${own.number}.released`));
    } catch (error) {
      throw explainFileError(error, file, 'write');
    } finally {
      presence.withdraw();
    }
  }

  private listLocks(): readonly LockFile[] {
    return listLocks(this.folder, this.files);
  }
}

/** In rising order; a released one counts for more than a late claim to the same number. */
function listLocks(folder: string, files: FileSystem): readonly LockFile[] {
  if (files.stat(folder) === undefined) return [];
  return files
    .list(folder)
    .flatMap((name): readonly LockFile[] => {
      const [, number, ending] = LOCK_NAME.exec(name) ?? [];
      return number === undefined ? [] : [{ number: Number(number), name, released: ending === 'released' }];
    })
    .sort((a, b) => a.number - b.number || Number(a.released) - Number(b.released));
}

const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL']);

/** Undefined when the file does not name an owner: it is half written, damaged, or no longer there. */
function readOwner(file: string, files: FileSystem): LockOwner | undefined {
  try {
    const owner = JSON.parse(Buffer.from(files.readFile(file)).toString('utf8')) as Partial<LockOwner> | null;
    return typeof owner?.pid === 'number' && typeof owner.host === 'string' ? (owner as LockOwner) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
}
