import { resolve } from 'node:path';
import { createRegistry, type Plugin, type Registry } from '@nnm/core';
import { explainMissingBackends } from './backend-packages.ts';
import { defaultSources } from './default-sources.ts';
import { findNnmConfig, type LoadedNnmConfig } from './nnm-config.ts';
import { describeOrigin, type PluginOrigin } from './origin.ts';
import type { PluginCandidate, PluginSource } from './sources.ts';

/** A loaded plugin and where it was found. */
export interface FoundPlugin {
  readonly plugin: Plugin;
  readonly specifier: string;
  readonly origin: PluginOrigin;
}

/** A plugin that somebody asked for and that cannot be used. */
export interface FailedPlugin {
  readonly specifier: string;
  readonly origin: PluginOrigin;
  readonly error: unknown;
}

/** What {@link findPlugins} found, in the order in which the plugins count. */
export interface FoundPlugins {
  readonly config: LoadedNnmConfig | undefined;
  readonly plugins: readonly FoundPlugin[];
  readonly failures: readonly FailedPlugin[];
  /** Sentences a user should read, such as which plugin takes the place of a built-in one. */
  readonly notes: readonly string[];
}

/** Everything a command needs to know about plugins. */
export interface Discovery extends FoundPlugins {
  readonly registry: Registry;
  /** Where the plugin of this name came from. */
  originOf(pluginName: string): PluginOrigin;
}

export interface DiscoveryOptions {
  /** Default: `process.cwd()`. */
  readonly cwd?: string;
  /** Where else to look for an nnm config when there is none upwards from `cwd`, such as the workspace's folder. */
  readonly alsoFrom?: string;
  /** Default: config, registered, dependencies, installed for the user, built in. */
  readonly sources?: readonly PluginSource[];
}

/**
 * Find and load every plugin that applies to a folder. A plugin that cannot be loaded is listed in `failures`; of two plugins
 * with one name the first stays.
 *
 * @throws core's `InvalidFileError` when the nnm config itself is wrong
 */
export async function findPlugins(options: DiscoveryOptions = {}): Promise<FoundPlugins> {
  const cwd = resolve(options.cwd ?? process.cwd());
  const config =
    (await findNnmConfig(cwd)) ?? (options.alsoFrom === undefined ? undefined : await findNnmConfig(resolve(options.alsoFrom)));
  const candidates = (await Promise.all((options.sources ?? defaultSources).map((source) => source.find({ cwd, config })))).flat();
  const loaded = await Promise.all(candidates.map(loadCandidate));
  const found = loaded.filter((entry) => 'plugin' in entry);
  const builtins = new Set(found.filter(({ origin }) => origin.kind === 'builtin').map(({ plugin }) => plugin));
  // A project that lists a built-in plugin among its dependencies usually gets the very same module: that is no replacement.
  const plugins = found.map((entry) => (builtins.has(entry.plugin) ? { ...entry, origin: { kind: 'builtin' as const } } : entry));
  const first = new Map<string, FoundPlugin>();
  const notes: string[] = [];
  for (const entry of plugins) {
    const winner = first.get(entry.plugin.name);
    if (winner === undefined) first.set(entry.plugin.name, entry);
    else if (entry.origin.kind === 'builtin' && winner.origin.kind !== 'builtin') {
      notes.push(`${entry.plugin.name} from ${describeOrigin(winner.origin, cwd)} takes the place of the built-in one.`);
    }
  }
  return { config, plugins: [...first.values()], failures: loaded.filter((entry) => 'error' in entry), notes };
}

/**
 * Find every plugin that applies to a folder and build the registry over them.
 *
 * @throws the error of the first plugin that cannot be loaded, and core's `DuplicateIdError` naming both owners of an id
 */
export async function discoverPlugins(options: DiscoveryOptions = {}): Promise<Discovery> {
  const found = await findPlugins(options);
  for (const { error } of found.failures) throw error;
  const registry = explainMissingBackends(createRegistry(found.plugins.map(({ plugin }) => plugin)));
  const origins = new Map(found.plugins.map(({ plugin, origin }) => [plugin.name, origin]));
  return { ...found, registry, originOf: (name) => origins.get(name) ?? { kind: 'builtin' } };
}

async function loadCandidate({ specifier, origin, load }: PluginCandidate): Promise<FoundPlugin | FailedPlugin> {
  try {
    return { specifier, origin, plugin: await load() };
  } catch (error) {
    return { specifier, origin, error };
  }
}
