import {
  closeSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import type { FileFacts, FileSystem, OpenFile, OpenFlag } from './file-system.ts';

const FLAGS: Readonly<Record<OpenFlag, string>> = { append: 'a', truncate: 'w', exclusive: 'wx' };

/** On Windows a file that another program has open for a moment, such as a virus scanner, cannot be replaced: milliseconds to wait. */
const RENAME_PAUSES_MS = process.platform === 'win32' ? [10, 20, 50, 100, 200, 500] : [];
const IN_USE: ReadonlySet<string | undefined> = new Set(['EPERM', 'EACCES', 'EBUSY']);

/** The file system of this machine. */
export const nodeFileSystem: FileSystem = {
  readFile: (path) => readFileSync(path),
  open: (path, flag, mode) => {
    const descriptor = openSync(path, FLAGS[flag], mode);
    if (mode !== undefined) setMode(descriptor, mode);
    return openedFile(descriptor);
  },
  stat: (path) => {
    try {
      return factsOf(statSync(path));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
  list: (folder) => readdirSync(folder),
  makeFolder: (folder) => {
    mkdirSync(folder, { recursive: true });
  },
  rename: (from, to) => {
    for (const pauseMs of RENAME_PAUSES_MS) {
      try {
        renameSync(from, to);
        return;
      } catch (error) {
        if (!IN_USE.has((error as NodeJS.ErrnoException).code)) throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
      }
    }
    renameSync(from, to);
  },
  link: (file, name) => linkSync(file, name),
  remove: (path) => rmSync(path, { recursive: true, force: true }),
  realPath: (path) => realpathSync(path),
  syncFolder: (folder) => {
    // Windows has no such call; its file systems keep names in a journal of their own.
    if (process.platform === 'win32') return;
    const descriptor = openSync(folder, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  },
};

/** Past the process's mask, so that a file that is replaced keeps its permissions. */
function setMode(descriptor: number, mode: number): void {
  try {
    fchmodSync(descriptor, mode);
  } catch (error) {
    // Some file systems have no permissions to set; the content is what counts.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

function openedFile(descriptor: number): OpenFile {
  let isOpen = true;
  return {
    write: (bytes) => writeSync(descriptor, bytes),
    truncate: (sizeBytes) => ftruncateSync(descriptor, sizeBytes),
    sync: () => fsyncSync(descriptor),
    stat: () => factsOf(fstatSync(descriptor)),
    close: () => {
      // A number that is closed twice may be another file's by then.
      if (!isOpen) return;
      isOpen = false;
      closeSync(descriptor);
    },
  };
}

function factsOf(stats: Stats): FileFacts {
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other';
  return { kind, sizeBytes: stats.size, mode: stats.mode & 0o7777, links: stats.nlink };
}

/** Whether an error says that there is nothing at a path. */
export function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
