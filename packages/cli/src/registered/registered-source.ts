import { existsSync } from 'node:fs';
import { describeCause } from '../plugins/errors.ts';
import { loadPlugin } from '../plugins/load-plugin.ts';
import type { PluginOrigin } from '../plugins/origin.ts';
import type { PluginCandidate, PluginSource } from '../plugins/sources.ts';
import { pluginName } from './compile-plugin.ts';
import { RegisteredMissingError } from './errors.ts';
import { pluginFile, type RegisteredEntry, readRegistered, registeredFile } from './registered-store.ts';

/** Kernels and backends that `nnm register` has added for this user. Registering them was their user's word that they may run. */
export const registeredSource: PluginSource = {
  id: 'registered',
  async find() {
    const file = registeredFile();
    const origin: PluginOrigin = { kind: 'registered', file };
    try {
      return (await readRegistered(file)).map((entry) => toCandidate(entry, origin));
    } catch (error) {
      return [{ specifier: file, origin, load: () => Promise.reject(error) }];
    }
  },
};

function toCandidate(entry: RegisteredEntry, origin: PluginOrigin & { readonly file: string }): PluginCandidate {
  const { kind, name, packageLocation } = entry;
  return {
    specifier: pluginName(name),
    origin,
    provides: { [`${kind}s`]: [name] },
    async load() {
      if (!existsSync(packageLocation))
        throw new RegisteredMissingError({ entry, problem: `package_location: there is no folder ${packageLocation}` });
      const file = pluginFile(entry);
      return loadPlugin(file, file, origin).catch((cause: unknown) => {
        throw new RegisteredMissingError({ entry, problem: describeCause(cause) }, { cause });
      });
    },
    locate: async () => [packageLocation],
  };
}
