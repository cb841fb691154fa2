/**
 * The file system as nnm uses it: every file of a workspace, the journals and what is kept for the user goes through one of these.
 * {@link nodeFileSystem} is the real one; tests and the simulation put a faulty one in its place.
 *
 * Synchronous, because order is what matters here: a record is on the disk before the next visit begins. Failures are thrown as Node does,
 * with `code` and `syscall`.
 */
export interface FileSystem {
  /** The whole content. */
  readFile(path: string): Uint8Array;
  /**
   * Open for writing.
   *
   * - `append`: at the end of what is there, or a new file
   * - `truncate`: a new file, or an emptied one
   * - `exclusive`: a new file; fails with EEXIST when there is one
   *
   * @param mode - permissions of a new file; default: what the system gives
   */
  open(path: string, flag: OpenFlag, mode?: number): OpenFile;
  /** Undefined when nothing has this path. Follows links. */
  stat(path: string): FileFacts | undefined;
  /** Names in a folder, in no order. */
  list(folder: string): readonly string[];
  /** Make a folder and those above it; nothing happens when it is there. */
  makeFolder(folder: string): void;
  /** Give a file another name, replacing what has it, in one step. */
  rename(from: string, to: string): void;
  /** Give a file a second name in one step; fails with EEXIST when something has it. */
  link(file: string, name: string): void;
  /** Remove a file, or a folder with all it holds; nothing happens when it is not there. */
  remove(path: string): void;
  /** The path with its links resolved. */
  realPath(path: string): string;
  /** Wait until the names in a folder are on the disk. */
  syncFolder(folder: string): void;
}

/** How {@link FileSystem.open} opens a file. */
export type OpenFlag = 'append' | 'truncate' | 'exclusive';

/** A file that is open for writing. */
export interface OpenFile {
  /** Write at the end. @returns how many bytes were taken, which may be fewer than were given */
  write(bytes: Uint8Array): number;
  /** Cut the file to a length in bytes. */
  truncate(sizeBytes: number): void;
  /** Wait until its content is on the disk. */
  sync(): void;
  /** Facts of the open file, whatever has its name by now. */
  stat(): FileFacts;
  close(): void;
}

/** What is known of a path. */
export interface FileFacts {
  readonly kind: 'file' | 'folder' | 'other';
  readonly sizeBytes: number;
  /** Permission bits. */
  readonly mode: number;
  /** Names that it has; 0 once it has been removed while it was open. */
  readonly links: number;
}

/** Write all bytes, however many calls that takes. @throws when the file takes none at all, with the code EIO */
export function writeFully(file: OpenFile, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) {
    const taken = file.write(written === 0 ? bytes : bytes.subarray(written));
    if (taken <= 0) throw Object.assign(new Error('EIO: the file takes no more bytes, write'), { code: 'EIO', syscall: 'write' });
    written += taken;
  }
}
