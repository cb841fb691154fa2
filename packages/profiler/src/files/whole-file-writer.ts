import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { explainFileError } from './file-access-error.ts';
import { type FileSystem, type OpenFile, writeFully } from './file-system.ts';
import { isMissing, nodeFileSystem } from './node-file-system.ts';

/** Options of whole-file writes. */
export interface WriteOptions {
  /** Wait until content and name are on the disk; default true. False for files that can be made again. */
  readonly flush?: boolean;
  /** Default: this machine's. */
  readonly files?: FileSystem;
}

/** Names of files that are not whole yet. One that stays behind was left by a process that was killed. */
export const TEMPORARY_FILE = /^\.nnm-[0-9a-f]{12}\.tmp$/;

/**
 * Writes a file piece by piece under a temporary name, and gives it its own name once it is whole, verified and on the disk. Until then,
 * and whatever fails, what had the name before stays. Used by everything in nnm that writes a file, but for journals, which grow.
 */
export class WholeFileWriter {
  /** Absent for devices and pipes, which are written to and cannot be replaced. */
  private readonly temporary: string | undefined;
  private readonly target: string;
  private readonly open: OpenFile;
  private readonly files: FileSystem;
  private readonly flush: boolean;
  private sizeBytes = 0;
  private settled = false;

  /** @throws {@link FileAccessError} */
  constructor(
    private readonly file: string,
    { flush = true, files = nodeFileSystem }: WriteOptions = {},
  ) {
    this.files = files;
    this.flush = flush;
    try {
      files.makeFolder(path.dirname(file));
      const before = files.stat(file);
      // Renaming onto a folder would fail only in the end, with another reason on every system.
      if (before?.kind === 'folder') throw Object.assign(new Error(`EISDIR: ${file}`), { code: 'EISDIR', syscall: 'open' });
      if (before?.kind === 'other') {
        this.target = file;
        this.open = files.open(file, 'append');
        return;
      }
      this.target = resolveLinks(file, files);
      this.temporary = path.join(path.dirname(this.target), `.nnm-${randomBytes(6).toString('hex')}.tmp`);
      this.open = files.open(this.temporary, 'exclusive', before?.mode);
    } catch (error) {
      throw explainFileError(error, file, 'write');
    }
  }

  /** Add to the file. @throws {@link FileAccessError}; the file is given up then */
  write(content: string | Uint8Array): void {
    this.attempt(() => {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      writeFully(this.open, bytes);
      this.sizeBytes += bytes.length;
    });
  }

  /** Verify the file and give it its name. @throws {@link FileAccessError}; what had the name before is still there then */
  finish(): void {
    this.attempt(() => {
      if (this.temporary === undefined) {
        this.open.close();
        this.settled = true;
        return;
      }
      if (this.flush) this.open.sync();
      const { sizeBytes } = this.open.stat();
      if (sizeBytes !== this.sizeBytes) {
        const problem = `EIO: ${sizeBytes} of ${this.sizeBytes} bytes arrived, write`;
        throw Object.assign(new Error(problem), { code: 'EIO', syscall: 'write' });
      }
      this.open.close();
      this.files.rename(this.temporary, this.target);
      this.settled = true;
      if (this.flush) this.files.syncFolder(path.dirname(this.target));
    });
  }

  /** Give the file up; nothing happens once it is finished. */
  discard(): void {
    if (this.settled) return;
    this.settled = true;
    // The failure that led here says more than one of cleaning up after it.
    for (const clean of [() => this.open.close(), () => this.temporary && this.files.remove(this.temporary)]) {
      try {
        clean();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      }
    }
  }

  private attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.discard();
      throw explainFileError(error, this.file, 'write');
    }
  }
}

/** A link is followed, so that the file it names is replaced, not the link. */
function resolveLinks(file: string, files: FileSystem): string {
  try {
    return files.realPath(file);
  } catch (error) {
    if (isMissing(error)) return path.join(files.realPath(path.dirname(file)), path.basename(file));
    throw error;
  }
}
