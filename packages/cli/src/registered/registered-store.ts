import { fileExists, readJsonFile, writeJsonFile } from '@nnm/builder';
import { InvalidFileError } from '@nnm/core';
import type { BackendMeta, KernelMeta } from './meta-file.ts';

const SCHEMA_VERSION = 1;

/** What is registered, by name. */
export interface RegisteredList {
  readonly kernels: Readonly<Record<string, KernelMeta>>;
  readonly backends: Readonly<Record<string, BackendMeta>>;
}

/**
 * Read the list of what is registered; empty when the file does not exist.
 *
 * @throws core's `InvalidFileError` when it is not such a list, or one of a newer nnm
 */
export async function readRegistered(file: string): Promise<RegisteredList> {
  if (!(await fileExists(file))) return { kernels: {}, backends: {} };
  const raw = (await readJsonFile(file)) as { schemaVersion?: unknown } & Partial<RegisteredList>;
  if (raw?.schemaVersion !== SCHEMA_VERSION) {
    const message = `has schemaVersion ${JSON.stringify(raw?.schemaVersion)}; this nnm reads ${SCHEMA_VERSION}`;
    throw new InvalidFileError({ file, problems: [{ message }], hint: 'Update nnm, or delete the file and register again.' });
  }
  return { kernels: raw.kernels ?? {}, backends: raw.backends ?? {} };
}

/** Write the list, whole. */
export async function writeRegistered(file: string, list: RegisteredList): Promise<void> {
  await writeJsonFile(file, { schemaVersion: SCHEMA_VERSION, kernels: list.kernels, backends: list.backends });
}
