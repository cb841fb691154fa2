import { dirname } from 'node:path';
import { JournalWriteError } from '../errors.ts';
import { type FileSystem, nodeFileSystem, writeFully } from '../files/index.ts';
import { assertJournal, formatJournalLine, JOURNAL_HEADER, type JournalContent, parseJournal } from './journal.ts';
import type { JournalLine } from './journal-line.ts';

/** An open journal: what it held when it was opened, and a way to add to it. */
export interface JournalFile {
  readonly content: JournalContent;
  /**
   * Add lines, in one go. Records reach the disk before this returns; visits and beginnings reach the system, so that only a power cut loses
   * them.
   */
  append(...lines: readonly JournalLine[]): void;
  close(): void;
}

/** How to open a journal. */
export interface JournalOptions {
  /** Forget what it holds. */
  readonly fresh?: boolean | undefined;
  /** Default: this machine's. */
  readonly files?: FileSystem | undefined;
}

/**
 * Open a journal for adding to it, making it if it does not exist. A torn last line is cut off.
 *
 * @throws {@link JournalFormatError}, {@link JournalWriteError}
 */
export function openJournal(file: string, { fresh = false, files = nodeFileSystem }: JournalOptions = {}): JournalFile {
  return guarded(file, () => {
    files.makeFolder(dirname(file));
    const isThere = files.stat(file) !== undefined;
    const found = isThere ? files.readFile(file) : new Uint8Array();
    if (fresh) assertJournal(found, file);
    const content = parseJournal(fresh ? new Uint8Array() : found, file);
    const open = files.open(file, fresh ? 'truncate' : 'append');
    let sizeBytes = content.soundBytes;
    const add = (...lines: readonly JournalLine[]): void => {
      const bytes = Buffer.from(lines.map(formatJournalLine).join(''));
      try {
        writeFully(open, bytes);
        if (!lines.every(isFrequent)) open.sync();
      } catch (error) {
        // A full disk may have taken a part of the line: what comes later must not be joined to it.
        open.truncate(sizeBytes);
        throw error;
      }
      sizeBytes += bytes.length;
    };
    try {
      if (open.stat().sizeBytes > sizeBytes) open.truncate(sizeBytes);
      if (content.endsMidLine) {
        writeFully(open, Buffer.from('\n'));
        sizeBytes++;
      }
      if (sizeBytes === 0) add(JOURNAL_HEADER);
      if (!isThere) files.syncFolder(dirname(file));
    } catch (error) {
      open.close();
      throw error;
    }
    return {
      content,
      append: (...lines) =>
        guarded(file, () => {
          add(...lines);
          // Written to, but no longer in any folder: whoever removed the workspace meant to stop this.
          if (!lines.every(isFrequent) && open.stat().links === 0) throw new JournalWriteError({ file, systemCode: 'REMOVED' });
        }),
      close: () => open.close(),
    };
  });
}

/**
 * Read a journal without touching it; undefined when there is none.
 *
 * @throws {@link JournalFormatError}; what the file system throws when it cannot be read
 */
export function readJournal(file: string, files: FileSystem = nodeFileSystem): JournalContent | undefined {
  return files.stat(file) === undefined ? undefined : parseJournal(files.readFile(file), file);
}

/** Lines too many to wait for the disk each time. */
function isFrequent({ type }: JournalLine): boolean {
  return type === 'visit' || type === 'begun';
}

function guarded<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    throw new JournalWriteError({ file, systemCode: code }, { cause: error });
  }
}
