import { rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileExists, readJsonFile, writeJsonFile, writeWholeFile } from '@nnm/builder';
import { InvalidFileError } from '@nnm/core';
import { userDataFile } from '@nnm/profiler';
import { z } from 'zod';
import { compilePlugin } from './compile-plugin.ts';
import { legacySchema, upgradeLegacy } from './legacy-list.ts';
import type { MetaFile } from './meta-file.ts';

const SCHEMA_VERSION = 2;

const entrySchema = z.object({
  kind: z.enum(['kernel', 'backend']),
  name: z.string(),
  metaFile: z.string(),
  packageLocation: z.string(),
  /** The plugin, beside the list. */
  plugin: z.string(),
});
const schema = z.object({ schemaVersion: z.literal(SCHEMA_VERSION), entries: z.array(entrySchema) });

/** Something registered: its plugin, and where its code lies. */
export type RegisteredEntry = z.infer<typeof entrySchema>;

/** Where registered kernels and backends are listed. */
export function registeredFile(): string {
  return userDataFile('registered.json');
}

/**
 * Read the list of what is registered; empty when the file does not exist. A list of an older nnm is brought up to date.
 *
 * @throws core's `InvalidFileError` when it is not such a list, or one of a newer nnm
 */
export async function readRegistered(file: string = registeredFile()): Promise<readonly RegisteredEntry[]> {
  if (!(await fileExists(file))) return [];
  const raw = await readJsonFile(file);
  const legacy = legacySchema.safeParse(raw);
  if (legacy.success) {
    const entries: RegisteredEntry[] = [];
    for (const { meta, files } of upgradeLegacy(legacy.data)) entries.push(await writePlugin(file, meta, files));
    await writeRegistered(file, entries);
    return entries;
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data.entries;
  const version = (raw as { schemaVersion?: unknown } | null)?.schemaVersion;
  const problems =
    version === SCHEMA_VERSION
      ? parsed.error.issues.map(({ path, message }) => ({ key: path.join('.'), message }))
      : [{ message: `has schemaVersion ${JSON.stringify(version)}; this nnm reads 1 and ${SCHEMA_VERSION}` }];
  throw new InvalidFileError({ file, problems, hint: 'Update nnm, or delete the file and register again.' });
}

/** Write the plugin of a meta file and put it on the list, in place of one of the same name. */
export async function addRegistered(meta: MetaFile, files: readonly string[], file: string = registeredFile()): Promise<void> {
  const others = (await readRegistered(file)).filter(({ kind, name }) => kind !== meta.kind || name !== meta.name);
  await writeRegistered(file, [...others, await writePlugin(file, meta, files)]);
}

/** Take an entry off the list and remove its plugin. */
export async function removeRegistered(entry: RegisteredEntry, file: string = registeredFile()): Promise<void> {
  const others = (await readRegistered(file)).filter(({ kind, name }) => kind !== entry.kind || name !== entry.name);
  await writeRegistered(file, others);
  await rm(pluginFile(entry, file), { force: true });
}

/** The absolute path of an entry's plugin. */
export function pluginFile({ plugin }: RegisteredEntry, file: string = registeredFile()): string {
  return resolve(dirname(file), plugin);
}

async function writePlugin(file: string, meta: MetaFile, files: readonly string[]): Promise<RegisteredEntry> {
  const { kind, name, metaFile, packageLocation } = meta;
  const plugin = `registered/${kind}-${name}.ts`;
  await writeWholeFile(join(dirname(file), plugin), compilePlugin(meta, files));
  return { kind, name, metaFile, packageLocation, plugin };
}

async function writeRegistered(file: string, entries: readonly RegisteredEntry[]): Promise<void> {
  await writeJsonFile(file, { schemaVersion: SCHEMA_VERSION, entries });
}
