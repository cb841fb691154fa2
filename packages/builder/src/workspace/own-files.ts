import { createHash } from 'node:crypto';
import path from 'node:path';
import { NnmError } from '@nnm/core';
import { explainFileError, type FileSystem, type WriteOptions, writeFully, writeWholeFile } from '@nnm/profiler';
import { findEarlierFiles } from './earlier-files.ts';
import { isBelow, portableName } from './portable-name.ts';

/** A file that nnm would write is there already, and is not as nnm wrote it. */
export class ForeignFileError extends NnmError {
  constructor(details: { files: readonly string[] }) {
    const { files } = details;
    super({
      code: 'ERR_FOREIGN_FILE',
      message: `${files.length === 1 ? 'This file is' : 'These files are'} not as nnm wrote ${files.length === 1 ? 'it' : 'them'}, so nothing has been replaced:\n${files.map((file) => `  ${file}`).join('\n')}`,
      hint: 'Move what is yours elsewhere and run the command again. To train on measurements of your own: `nnm train <kernel> --configs <files> --latencies <files>`.',
      details,
    });
  }
}

/** First line of the list. */
const HEADER = { schemaVersion: 1 };

/**
 * The files that nnm itself has written in a workspace, by content: what is not among them is somebody's work and is never replaced.
 *
 * The list `predictor_build/written.jsonl` holds a line per content, appended before the file gets it, so that a process that is killed in
 * between leaves a line too many and never a file that nnm does not know as its own.
 */
export class OwnFiles {
  /** Hashes of contents by path; undefined until they are needed. */
  private known: Map<string, Set<string>> | undefined;
  /** Whether all lines of the list are on the disk. */
  private isSynced = false;

  /**
   * @param folder - the workspace
   * @param list - the file that lists the written ones
   */
  constructor(
    private readonly folder: string,
    private readonly list: string,
    private readonly files: FileSystem,
  ) {}

  /** Begin an empty list, in a new workspace. @throws {@link FileAccessError} */
  begin(): void {
    this.append(`${JSON.stringify(HEADER)}\n`, true);
    this.known = new Map();
  }

  /**
   * Write a whole file. One that holds the same already is left as it is.
   *
   * @throws {@link ForeignFileError} when it is there and is not nnm's, {@link FileAccessError}
   */
  async write(file: string, content: string | Uint8Array, options: Omit<WriteOptions, 'files'> = {}): Promise<void> {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const present = this.read(file);
    const isSame = present !== undefined && Buffer.compare(present, bytes) === 0;
    if (!isSame && present !== undefined && !this.owns(file, present) && !isTorn(present, bytes))
      throw new ForeignFileError({ files: [file] });
    this.record(file, hashOf(bytes), options.flush ?? true);
    if (!isSame) await writeWholeFile(file, bytes, { ...options, files: this.files });
  }

  /** {@link write} of a value as indented JSON. */
  async writeJson(file: string, value: unknown, options?: Omit<WriteOptions, 'files'>): Promise<void> {
    await this.write(file, `${JSON.stringify(value, null, 2)}\n`, options);
  }

  /** True for paths inside the workspace. */
  covers(file: string): boolean {
    return isBelow(this.folder, file);
  }

  /** Those of some files that are there and are not nnm's. */
  foreignAmong(files: readonly string[]): readonly string[] {
    return files.filter((file) => {
      const present = this.read(file);
      return present !== undefined && !this.owns(file, present);
    });
  }

  /** @throws {@link ForeignFileError} naming all of these files that are there and are not nnm's */
  assertReplaceable(files: readonly string[]): void {
    const foreign = this.foreignAmong(files);
    if (foreign.length > 0) throw new ForeignFileError({ files: foreign });
  }

  /** An empty file holds nobody's work. */
  private owns(file: string, present: Uint8Array): boolean {
    const hashes = this.hashes().get(this.nameOf(file));
    return present.length === 0 || (hashes !== undefined && (hashes.has(hashOf(present)) || hashes.has(hashOf(unixLines(present)))));
  }

  private record(file: string, hash: string, flush: boolean): void {
    const name = this.nameOf(file);
    const hashes = this.hashes().get(name) ?? new Set();
    if (hashes.has(hash)) {
      // A killed process may have written the line without waiting for the disk: a power cut would take it, and leave the file.
      if (flush && !this.isSynced) this.append('', true);
      return;
    }
    this.append(`${JSON.stringify({ file: name, sha256: hash })}\n`, flush);
    this.hashes().set(name, hashes.add(hash));
  }

  /** Read the list, or make it for a workspace of an earlier version of nnm, which had none. */
  private hashes(): Map<string, Set<string>> {
    if (this.known !== undefined) return this.known;
    const present = this.read(this.list);
    const known = new Map<string, Set<string>>();
    this.known = known;
    if (present === undefined) {
      const lines = findEarlierFiles(this.folder, this.files).map(({ file, content }) => {
        const entry = { file: this.nameOf(file), sha256: hashOf(content) };
        known.set(entry.file, new Set([entry.sha256]));
        return `${JSON.stringify(entry)}\n`;
      });
      this.append(`${JSON.stringify(HEADER)}\n${lines.join('')}`, true);
      return known;
    }
    for (const line of Buffer.from(present).toString('utf8').split('\n')) {
      const entry = parseLine(line);
      if (entry === undefined) continue;
      known.set(entry.file, (known.get(entry.file) ?? new Set()).add(entry.sha256));
    }
    // A line that was cut off by a crash must not swallow the next one.
    if (present.length > 0 && present.at(-1) !== 0x0a) this.append('\n', false);
    return known;
  }

  private append(text: string, flush: boolean): void {
    try {
      this.files.makeFolder(path.dirname(this.list));
      const open = this.files.open(this.list, 'append');
      try {
        writeFully(open, new TextEncoder().encode(text));
        if (flush) open.sync();
        this.isSynced = flush;
      } finally {
        open.close();
      }
    } catch (error) {
      throw explainFileError(error, this.list, 'write');
    }
  }

  /** Undefined when there is no such file. */
  private read(file: string): Uint8Array | undefined {
    try {
      return this.files.stat(file)?.kind === 'file' ? this.files.readFile(file) : undefined;
    } catch (error) {
      throw explainFileError(error, file, 'read');
    }
  }

  /** The path below the workspace, the same on every system. */
  private nameOf(file: string): string {
    return portableName(this.folder, file);
  }
}

/** Undefined for the header and for what is no whole line. */
function parseLine(line: string): { readonly file: string; readonly sha256: string } | undefined {
  try {
    const { file, sha256 } = JSON.parse(line) as { file?: unknown; sha256?: unknown };
    return typeof file === 'string' && typeof sha256 === 'string' ? { file, sha256 } : undefined;
  } catch {
    return undefined; // cut off by a crash: the file it announced was not written
  }
}

/** Whether a file is what a power cut may have left of a content that was not yet on the disk: its beginning, or zeros in its place. */
function isTorn(present: Uint8Array, bytes: Uint8Array): boolean {
  const zeros = present.findLastIndex((byte) => byte !== 0) + 1;
  return present.length <= bytes.length && Buffer.compare(present.subarray(0, zeros), bytes.subarray(0, zeros)) === 0;
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Version control on Windows may have changed the ends of lines, which is nobody's work. */
function unixLines(bytes: Uint8Array): Uint8Array {
  return Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
}
