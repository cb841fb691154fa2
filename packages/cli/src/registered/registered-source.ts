import type { PluginOrigin } from '../plugins/origin.ts';
import type { PluginSource } from '../plugins/sources.ts';
import { assembleBackend, assembleKernel, pluginName } from './assemble.ts';
import { registeredFile } from './data-folder.ts';
import { readRegistered } from './registered-store.ts';

/** Kernels and backends that `nnm register` has added for this user. */
export const registeredSource: PluginSource = {
  id: 'registered',
  async find() {
    const file = registeredFile();
    const { kernels, backends } = await readRegistered(file);
    const origin: PluginOrigin = { kind: 'registered', file };
    return [
      ...Object.values(kernels).map((meta) => ({ specifier: pluginName(meta.name), origin, load: () => assembleKernel(meta, true) })),
      ...Object.values(backends).map((meta) => ({ specifier: pluginName(meta.name), origin, load: () => assembleBackend(meta, true) })),
    ];
  },
};
