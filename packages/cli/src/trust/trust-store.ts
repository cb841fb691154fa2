import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileExists, readJsonFile, writeJsonFile } from '@nnm/builder';
import { InvalidFileError } from '@nnm/core';
import { userDataFolder } from '@nnm/profiler';
import { z } from 'zod';

const schema = z.object({ schemaVersion: z.literal(1), folders: z.record(z.string(), z.boolean()) });

/** Where the answers are kept. */
export function trustFile(): string {
  return join(userDataFolder(), 'trusted.json');
}

/**
 * The folders whose code nnm may run (true) or may not (false), by their real paths.
 *
 * @throws core's `InvalidFileError`
 */
export async function readTrust(file: string = trustFile()): Promise<Readonly<Record<string, boolean>>> {
  if (!(await fileExists(file))) return {};
  const parsed = schema.safeParse(await readJsonFile(file));
  if (parsed.success) return parsed.data.folders;
  const problems = parsed.error.issues.map(({ path, message }) => ({ key: path.join('.'), message }));
  throw new InvalidFileError({ file, problems, hint: 'Delete the file; nnm asks again where it has to.' });
}

/** Remember an answer; undefined forgets it. */
export async function writeTrust(folder: string, trusted: boolean | undefined, file: string = trustFile()): Promise<string> {
  const real = await realFolder(folder);
  const { [real]: _, ...others } = await readTrust(file);
  await writeJsonFile(file, { schemaVersion: 1, folders: { ...others, ...(trusted !== undefined && { [real]: trusted }) } });
  return real;
}

/** The one path of a folder, whatever links lead to it. */
export async function realFolder(folder: string): Promise<string> {
  return realpath(folder).catch(() => resolve(folder)); // a folder that is gone keeps its name
}
