import { assertPlugin, type Plugin } from '@nnm/core';
import { findDependencyPlugins } from './dependency-plugins.ts';
import { PluginImportError } from './errors.ts';
import { loadPlugin } from './load-plugin.ts';
import type { LoadedNnmConfig } from './nnm-config.ts';
import { describeOrigin, type PluginOrigin } from './origin.ts';

/** A plugin somebody asked for, not loaded yet. */
export interface PluginCandidate {
  /** As it was written: package name, path, or the name of a plugin object. */
  readonly specifier: string;
  readonly origin: PluginOrigin;
  /** Import and check it. */
  load(): Promise<Plugin>;
}

/** What a source is given. */
export interface PluginSearch {
  readonly cwd: string;
  /** The nnm config that applies to `cwd`, if there is one. */
  readonly config: LoadedNnmConfig | undefined;
}

/** One way in which plugins are found. Sources are asked in order; of two plugins with one name the first wins. */
export interface PluginSource {
  readonly id: PluginOrigin['kind'];
  find(search: PluginSearch): Promise<readonly PluginCandidate[]>;
}

/** Plugins named in the nnm config. */
export const configSource: PluginSource = {
  id: 'config',
  async find({ config }) {
    if (config === undefined) return [];
    const origin: PluginOrigin = { kind: 'config', file: config.file };
    return (config.config.plugins ?? []).map((entry, index) => {
      if (typeof entry === 'string') return { specifier: entry, origin, load: () => loadPlugin(entry, config.file, origin) };
      return {
        specifier: typeof entry.name === 'string' ? entry.name : `plugins[${index}]`,
        origin,
        async load() {
          assertPlugin(entry, `plugins[${index}] (${describeOrigin(origin)})`);
          return entry;
        },
      };
    });
  },
};

/** Direct dependencies of the project with the keyword `nnm-plugin`. */
export const dependencySource: PluginSource = {
  id: 'dependency',
  async find({ cwd, config }) {
    if (config?.config.discover === false) return [];
    const { file, names } = await findDependencyPlugins(cwd);
    return names.map((name) => {
      const origin: PluginOrigin = { kind: 'dependency', file };
      return { specifier: name, origin, load: () => loadPlugin(name, file, origin) };
    });
  },
};

const BUILTINS: Readonly<Record<string, () => Promise<{ default: Plugin }>>> = {
  '@nnm/predictor': () => import('@nnm/predictor'),
  '@nnm/kernels-conv': () => import('@nnm/kernels-conv'),
  '@nnm/kernels-misc': () => import('@nnm/kernels-misc'),
  '@nnm/backend-tflite': () => import('@nnm/backend-tflite'),
  '@nnm/backend-torch': () => import('@nnm/backend-torch'),
};

/** The plugins that come with nnm. */
export const builtinSource: PluginSource = {
  id: 'builtin',
  async find({ config }) {
    if (config?.config.builtins === false) return [];
    return Object.entries(BUILTINS).map(([specifier, importBuiltin]) => ({
      specifier,
      origin: { kind: 'builtin' as const },
      load: () => loadBuiltin(specifier, importBuiltin),
    }));
  },
};

async function loadBuiltin(specifier: string, importBuiltin: () => Promise<{ default: Plugin }>): Promise<Plugin> {
  const origin: PluginOrigin = { kind: 'builtin' };
  const module = await importBuiltin().catch((cause: unknown) => {
    throw new PluginImportError({ specifier, origin, file: specifier }, { cause });
  });
  assertPlugin(module.default, specifier);
  return module.default;
}
