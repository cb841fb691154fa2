import { InvalidFileError } from '@nnm/core';
import { decodeText } from './decode-text.ts';
import { explainFileError } from './file-access-error.ts';
import type { FileSystem } from './file-system.ts';
import { nodeFileSystem } from './node-file-system.ts';
import { repeatedKey } from './repeated-key.ts';
import { WholeFileWriter, type WriteOptions } from './whole-file-writer.ts';

/**
 * Read a text file as people write them: UTF-8, or what its byte order mark says, see {@link decodeText}.
 *
 * @throws {@link FileAccessError}
 */
export async function readTextFile(file: string, files: FileSystem = nodeFileSystem): Promise<string> {
  try {
    return decodeText(files.readFile(file));
  } catch (error) {
    throw explainFileError(error, file, 'read');
  }
}

/**
 * Write a whole file so that nobody ever sees half of it and a failure leaves what was there, see {@link WholeFileWriter}; its folder is
 * made if needed.
 *
 * @throws {@link FileAccessError}
 */
export async function writeWholeFile(file: string, content: string | Uint8Array, options?: WriteOptions): Promise<void> {
  const writer = new WholeFileWriter(file, options);
  writer.write(content);
  writer.finish();
}

/** @throws {@link FileAccessError}, {@link InvalidFileError} when it is not JSON, or names something twice */
export async function readJsonFile(file: string, files?: FileSystem): Promise<unknown> {
  const text = await readTextFile(file, files);
  try {
    const value: unknown = JSON.parse(text);
    const twice = repeatedKey(text);
    if (twice !== undefined) throw new InvalidFileError({ file, problems: [{ key: twice.join('.'), message: 'is there twice' }] });
    return value;
  } catch (error) {
    if (error instanceof InvalidFileError) throw error;
    throw new InvalidFileError({ file, problems: [{ message: `it is not JSON: ${(error as Error).message}` }] }, { cause: error });
  }
}

/** Write a value as indented JSON, see {@link writeWholeFile}. */
export async function writeJsonFile(file: string, value: unknown, options?: WriteOptions): Promise<void> {
  await writeWholeFile(file, `${JSON.stringify(value, null, 2)}\n`, options);
}

/** True when something has this path. */
export async function fileExists(file: string, files: FileSystem = nodeFileSystem): Promise<boolean> {
  try {
    return files.stat(file) !== undefined;
  } catch (error) {
    throw explainFileError(error, file, 'read');
  }
}
