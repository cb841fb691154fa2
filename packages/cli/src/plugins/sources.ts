import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from '@nnm/core';
import { userPackagesFolder } from '../project/user-packages-folder.ts';
import type { TrustGate } from '../trust/trust-gate.ts';
import { findDependencyPlugins } from './dependency-plugins.ts';
import { PluginImportError } from './errors.ts';
import { examinePlugin } from './examine-plugin.ts';
import { loadPlugin, locatePlugin, withLayers } from './load-plugin.ts';
import type { LoadedNnmConfig } from './nnm-config.ts';
import { describeOrigin, type PluginOrigin } from './origin.ts';
import { isInstalled } from './resolve-plugin.ts';

/** A plugin somebody asked for, not loaded yet. */
export interface PluginCandidate {
  /** As it was written: package name, path, or the name of a plugin object. */
  readonly specifier: string;
  readonly origin: PluginOrigin;
  /** The ids it provides, as far as they are known without loading it. */
  readonly provides?: ProvidedIds;
  /** Import and check it. */
  load(): Promise<Plugin>;
  /** Where its code lies: folders, with everything below them but `node_modules`. */
  locate?(): Promise<readonly string[]>;
}

/** Ids of kernels and backends. */
export interface ProvidedIds {
  readonly kernels?: readonly string[];
  readonly backends?: readonly string[];
}

/** What a source is given. */
export interface PluginSearch {
  readonly cwd: string;
  /** The nnm config that applies to `cwd`, if there is one. */
  readonly config: LoadedNnmConfig | undefined;
  /** Asked before code that a folder brings along is run. */
  readonly trust: TrustGate;
}

/** One way in which plugins are found. Sources are asked in order; of two plugins with one name the first wins. */
export interface PluginSource {
  readonly id: PluginOrigin['kind'];
  find(search: PluginSearch): Promise<readonly PluginCandidate[]>;
}

/** Plugins named in the nnm config. */
export const configSource: PluginSource = {
  id: 'config',
  async find({ config, trust }) {
    if (config === undefined) return [];
    const origin: PluginOrigin = { kind: 'config', file: config.file };
    return (config.config.plugins ?? []).map((entry, index) => {
      if (typeof entry === 'string') {
        const load = async (): Promise<Plugin> => {
          if (!config.isUsers) await trust.assertTrusted(dirname(config.file), `The plugin "${entry}"`);
          return loadPlugin(entry, config.file, origin);
        };
        return { specifier: entry, origin, load, locate: async () => [await locatePlugin(entry, config.file, origin)] };
      }
      const specifier = nameOf(entry) ?? `plugins[${index}]`;
      const load = async (): Promise<Plugin> => withLayers(examinePlugin(entry, `plugins[${index}] (${describeOrigin(origin)})`));
      return { specifier, origin, load, locate: async () => [dirname(config.file)] };
    });
  },
};

function nameOf(plugin: Plugin): string | undefined {
  try {
    return typeof plugin.name === 'string' ? plugin.name : undefined;
  } catch {
    return undefined; // a getter that throws is reported when the plugin is examined
  }
}

/** Direct dependencies of the project with the keyword `nnm-plugin`. */
export const dependencySource: PluginSource = {
  id: 'dependency',
  async find({ cwd, config, trust }) {
    if (config?.config.discover === false) return [];
    const { file, names } = await findDependencyPlugins(cwd);
    return names.map((name) => {
      const origin: PluginOrigin = { kind: 'dependency', file };
      const load = async (): Promise<Plugin> => {
        await trust.assertTrusted(dirname(file), `The plugin "${name}"`);
        return loadPlugin(name, file, origin);
      };
      return { specifier: name, origin, load, locate: async () => [await locatePlugin(name, file, origin)] };
    });
  },
};

/** Packages that were installed for the user, beyond any project, with the keyword `nnm-plugin`: by their user's word, so they may run. */
export const userSource: PluginSource = {
  id: 'dependency',
  async find({ config }) {
    if (config?.config.discover === false) return [];
    const file = join(userPackagesFolder(), 'package.json');
    if (!existsSync(file)) return [];
    const origin: PluginOrigin = { kind: 'dependency', file };
    const { names } = await findDependencyPlugins(userPackagesFolder());
    return names.map((name) => ({
      specifier: name,
      origin,
      load: () => loadPlugin(name, file, origin),
      locate: async () => [await locatePlugin(name, file, origin)],
    }));
  },
};

interface Builtin {
  readonly load: () => Promise<{ default: Plugin }>;
  /** It counts where it is installed beside this program. */
  readonly optional?: true;
}

const BUILTINS: Readonly<Record<string, Builtin>> = {
  '@nnm/predictor': { load: () => import('@nnm/predictor') },
  '@nnm/kernels-conv': { load: () => import('@nnm/kernels-conv') },
  '@nnm/kernels-misc': { load: () => import('@nnm/kernels-misc') },
  '@nnm/kernels-tensor': { load: () => import('@nnm/kernels-tensor') },
  '@nnm/kernels-transformer': { load: () => import('@nnm/kernels-transformer') },
  '@nnm/backend-tfjs': { load: () => import('@nnm/backend-tfjs'), optional: true },
  '@nnm/backend-tflite': { load: () => import('@nnm/backend-tflite'), optional: true },
  '@nnm/backend-litert': { load: () => import('@nnm/backend-litert'), optional: true },
  '@nnm/backend-torch': { load: () => import('@nnm/backend-torch'), optional: true },
  '@nnm/device-adb': { load: () => import('@nnm/device-adb'), optional: true },
  '@nnm/device-browser': { load: () => import('@nnm/device-browser'), optional: true },
  '@nnm/device-ssh': { load: () => import('@nnm/device-ssh'), optional: true },
};

/** The plugins that come with nnm, and its own backends where their packages lie beside it. */
export const builtinSource: PluginSource = {
  id: 'builtin',
  async find({ config }) {
    if (config?.config.builtins === false) return [];
    const there = Object.entries(BUILTINS).filter(([specifier, { optional }]) => !optional || isInstalled(specifier, import.meta.url));
    return there.map(([specifier, { load }]) => ({
      specifier,
      origin: { kind: 'builtin' as const },
      load: () => loadBuiltin(specifier, load),
    }));
  },
};

async function loadBuiltin(specifier: string, importBuiltin: () => Promise<{ default: Plugin }>): Promise<Plugin> {
  const origin: PluginOrigin = { kind: 'builtin' };
  const module = await importBuiltin().catch((cause: unknown) => {
    throw new PluginImportError({ specifier, origin, file: specifier }, { cause });
  });
  return examinePlugin(module.default, specifier);
}
