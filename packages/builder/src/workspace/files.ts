import { access, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { InvalidFileError, NnmError } from '@nnm/core';
import writeFileAtomic from 'write-file-atomic';

/** A file could not be read or written: missing, no permission, disk full. */
export class FileAccessError extends NnmError {
  constructor(details: { file: string; doing: 'read' | 'write'; reason: string; hint: string }, options?: ErrorOptions) {
    super(
      { code: 'ERR_FILE_ACCESS', message: `Cannot ${details.doing} ${details.file}: ${details.reason}.`, hint: details.hint, details },
      options,
    );
  }
}

const REASONS: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  ENOENT: ['it does not exist', 'Check the path.'],
  EISDIR: ['it is a folder', 'Name a file.'],
  ENOTDIR: ['a part of its path is not a folder', 'Check the path.'],
  EEXIST: ['a part of its path is not a folder', 'Check the path.'],
  ENAMETOOLONG: ['its path is too long', 'Choose a shorter one.'],
  EACCES: ['permission is denied', 'Check the permissions of the file and its folder.'],
  EPERM: ['permission is denied', 'Check the permissions of the file and its folder.'],
  EROFS: ['the file system is read-only', 'Choose a folder that can be written.'],
  ENOSPC: ['the disk is full', 'Free some space and run the same command again; nothing measured so far is lost.'],
  EDQUOT: ['the disk quota is used up', 'Free some space and run the same command again; nothing measured so far is lost.'],
};

const NO_FOLDER = ['its folder does not exist and cannot be made', 'Check the path, and that the folder above can be written.'] as const;

/** Turn a Node file-system error into a kind one; other errors are returned as they are. */
export function explainFileError(error: unknown, file: string, doing: 'read' | 'write'): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  // Making folders below one that cannot be written ends with ENOENT on some systems
  const known = code === 'ENOENT' && doing === 'write' ? NO_FOLDER : REASONS[code ?? ''];
  const [reason, hint] = known ?? [];
  return reason === undefined || hint === undefined ? error : new FileAccessError({ file, doing, reason, hint }, { cause: error });
}

/** @throws {@link FileAccessError} */
export async function readTextFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw explainFileError(error, file, 'read');
  }
}

/** Options of whole-file writes. */
export interface WriteOptions {
  /** Wait until the content is on the disk; default true. False for files that can be made again. */
  readonly flush?: boolean;
}

/**
 * Write a whole file under a temporary name and rename it, making its folder if needed, so that nobody ever sees half a file.
 *
 * @throws {@link FileAccessError}
 */
export async function writeWholeFile(file: string, content: string | Uint8Array, { flush = true }: WriteOptions = {}): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    const data = typeof content === 'string' ? content : Buffer.from(content.buffer, content.byteOffset, content.byteLength);
    await writeFileAtomic(file, data, { fsync: flush });
  } catch (error) {
    throw explainFileError(error, file, 'write');
  }
}

/** @throws {@link FileAccessError}, {@link InvalidFileError} when it is not JSON */
export async function readJsonFile(file: string): Promise<unknown> {
  const text = await readTextFile(file);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidFileError({ file, problems: [{ message: `it is not JSON: ${(error as Error).message}` }] }, { cause: error });
  }
}

/** Write a value as indented JSON, see {@link writeWholeFile}. */
export async function writeJsonFile(file: string, value: unknown, options?: WriteOptions): Promise<void> {
  await writeWholeFile(file, `${JSON.stringify(value, null, 2)}\n`, options);
}

/** True when the path exists and can be read. */
export async function fileExists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
