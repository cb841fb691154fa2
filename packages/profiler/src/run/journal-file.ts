import { closeSync, existsSync, fdatasyncSync, fstatSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { JournalWriteError } from '../errors.ts';
import { formatJournalLine, JOURNAL_SCHEMA_VERSION, type JournalContent, type JournalLine, parseJournal } from './journal.ts';

/** An open journal: what it held when it was opened, and a way to add to it. */
export interface JournalFile {
  readonly content: JournalContent;
  /** Add a line. Records reach the disk before this returns; visits reach the system, so that only a power cut loses them. */
  append(line: JournalLine): void;
  close(): void;
}

/**
 * Open a journal for adding to it, making it if it does not exist. A torn last line is cut off.
 *
 * @param fresh - forget what it holds
 * @throws {@link JournalFormatError}, {@link JournalWriteError}
 */
export function openJournal(file: string, fresh = false): JournalFile {
  return guarded(file, () => {
    mkdirSync(dirname(file), { recursive: true });
    const text = !fresh && existsSync(file) ? readFileSync(file, 'utf8') : '';
    const content = parseJournal(text, file);
    const descriptor = openSync(file, fresh ? 'w' : 'a');
    const write = (line: JournalLine): void => writeWhole(descriptor, Buffer.from(formatJournalLine(line)));
    ftruncateSync(descriptor, content.soundBytes);
    if (content.soundBytes === 0) write({ type: 'header', kind: 'nnm-profile', schemaVersion: JOURNAL_SCHEMA_VERSION });
    return {
      content,
      append: (line) =>
        guarded(file, () => {
          write(line);
          if (line.type === 'visit') return;
          fdatasyncSync(descriptor);
          // Written to, but no longer in any folder: whoever removed the workspace meant to stop this.
          if (fstatSync(descriptor).nlink === 0) throw new JournalWriteError({ file, systemCode: 'REMOVED' });
        }),
      close: () => closeSync(descriptor),
    };
  });
}

/** A full disk may take a part of the line: the rest must fail loudly, not silently. */
function writeWhole(descriptor: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
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
