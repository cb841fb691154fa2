import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readJsonFile, writeJsonFile } from '@nnm/builder';
import { z } from 'zod';

const entry = z.looseObject({ name: z.string(), type: z.string() });
const manifest = z.looseObject({
  oclif: z.looseObject({ schema: z.number().default(1), plugins: z.array(entry).default([]) }).default({ schema: 1, plugins: [] }),
});

/**
 * Have oclif load the commands of a package: it reads which from the package.json of its data folder.
 *
 * @param dataFolder - oclif's `config.dataDir`
 * @param root - the folder in whose `node_modules` the package lies
 */
export async function addCommands(dataFolder: string, name: string, root: string): Promise<void> {
  await edit(dataFolder, (plugins) => [...plugins.filter((plugin) => plugin.name !== name), { name, type: 'user', root }]);
}

/** Have oclif forget the commands of a package. */
export async function removeCommands(dataFolder: string, name: string): Promise<void> {
  await edit(dataFolder, (plugins) => plugins.filter((plugin) => plugin.name !== name));
}

async function edit(
  dataFolder: string,
  change: (plugins: readonly z.infer<typeof entry>[]) => readonly z.infer<typeof entry>[],
): Promise<void> {
  const file = join(dataFolder, 'package.json');
  const before = manifest.parse(existsSync(file) ? await readJsonFile(file) : { private: true });
  const plugins = change(before.oclif.plugins);
  if (plugins.length === 0 && before.oclif.plugins.length === 0) return;
  await writeJsonFile(file, { ...before, oclif: { ...before.oclif, plugins } });
}
