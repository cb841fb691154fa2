import { resolve } from 'node:path';
import { NnmError, type Plugin, type Registry } from '@nnm/core';
import type { ForeignStep } from '../program/messages.ts';
import { NotTrustedError } from '../trust/errors.ts';
import { createTrustGate, type TrustGate } from '../trust/trust-gate.ts';
import { explainMissingParts } from './backend-packages.ts';
import { type ComposedRegistry, composeRegistry } from './compose-registry.ts';
import { defaultSources } from './default-sources.ts';
import { findNnmConfig, type LoadedNnmConfig } from './nnm-config.ts';
import { describeOrigin, type PluginOrigin } from './origin.ts';
import type { PluginCandidate, PluginSource, ProvidedIds } from './sources.ts';

/** A loaded plugin and where it was found. */
export interface FoundPlugin {
  readonly plugin: Plugin;
  readonly specifier: string;
  readonly origin: PluginOrigin;
  /** Where its code lies: folders, with everything below them but `node_modules`; absent where nobody knows. */
  readonly places?: readonly string[];
}

/** A plugin that somebody asked for and that cannot be used. */
export interface FailedPlugin {
  readonly specifier: string;
  readonly origin: PluginOrigin;
  readonly error: unknown;
  /** The ids that are missing because of it, as far as they are known. */
  readonly provides?: ProvidedIds;
}

/** What {@link findPlugins} found, in the order in which the plugins count. */
export interface FoundPlugins extends ComposedRegistry {
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
  /** Default: config, registered, dependencies, installed for the user, built in. */
  readonly sources?: readonly PluginSource[];
  /** Decides whose code may run. Default: by NNM_TRUST and what `nnm trust` has remembered, without asking. */
  readonly trust?: TrustGate;
  /** Told before code that is not nnm's own runs, and, by what it returns, when that is over. */
  readonly onRun?: (step: ForeignStep) => Promise<() => void>;
  /** Told of each plugin that has been loaded, before the next one is. */
  readonly onFound?: (found: FoundPlugin) => void;
}

/**
 * Find and load every plugin that applies to a folder, and build the registry over them. A plugin that cannot be loaded is listed in
 * `failures`, what two plugins cannot both provide in `conflicts`; of two plugins with one name the first stays. Only looking up what is
 * missing because of that throws.
 *
 * @throws core's `InvalidFileError` when the nnm config itself is wrong
 */
export async function findPlugins(options: DiscoveryOptions = {}): Promise<FoundPlugins> {
  const { onRun = async () => () => undefined } = options;
  const cwd = resolve(options.cwd ?? process.cwd());
  const trust = options.trust ?? createTrustGate();
  const failures: FailedPlugin[] = [];
  const config = await findNnmConfig(cwd, { trust, onRun: (file) => onRun({ what: 'config', name: file }) }).catch((error: unknown) => {
    if (!(error instanceof NotTrustedError)) throw error;
    const { code, folder } = error.details as { code: string; folder: string };
    failures.push({ specifier: code, origin: { kind: 'config', file: resolve(folder, code) }, error });
    return undefined;
  });
  const candidates = (await Promise.all((options.sources ?? defaultSources).map((source) => source.find({ cwd, config, trust })))).flat();
  const found: FoundPlugin[] = [];
  for (const loaded of await loadAll(candidates, onRun, options.onFound)) {
    if ('error' in loaded) failures.push(loaded);
    else found.push(loaded);
  }
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
  const composed = composeRegistry(
    [...first.values()].map(({ plugin }) => plugin),
    (error) => explainMissing(error, failures),
  );
  const registry = explainMissingParts(composed.registry);
  return { config, plugins: [...first.values()], failures, notes, ...composed, registry };
}

/**
 * {@link findPlugins} for programs that need all of it.
 *
 * @throws the error of the first plugin that cannot be loaded, and core's `DuplicateIdError` naming both owners of an id
 */
export async function discoverPlugins(options: DiscoveryOptions = {}): Promise<Discovery> {
  const found = await findPlugins(options);
  for (const { error } of [...found.failures, ...found.conflicts]) throw error;
  return toDiscovery(found);
}

/**
 * {@link findPlugins} for commands, which fail only when they need what is missing.
 *
 * @throws `NotTrustedError` while nobody has said whether code that applies here may run: what it would replace is not known
 */
export async function discoverUsable(options: DiscoveryOptions = {}): Promise<Discovery> {
  const found = await findPlugins(options);
  for (const { error } of found.failures) if (error instanceof NotTrustedError && !error.refused) throw error;
  return toDiscovery(found);
}

function toDiscovery(found: FoundPlugins): Discovery {
  const origins = new Map(found.plugins.map(({ plugin, origin }) => [plugin.name, origin]));
  return { ...found, originOf: (name) => origins.get(name) ?? { kind: 'builtin' } };
}

/** Built-in plugins side by side, all others one after the other, so that it is clear whose code it is that does not come back. */
async function loadAll(
  candidates: readonly PluginCandidate[],
  onRun: NonNullable<DiscoveryOptions['onRun']>,
  onFound: DiscoveryOptions['onFound'],
): Promise<readonly (FoundPlugin | FailedPlugin)[]> {
  const loaded = new Map<PluginCandidate, FoundPlugin | FailedPlugin>();
  for (const candidate of candidates.filter(({ origin }) => origin.kind !== 'builtin')) {
    const done = await onRun({ what: 'plugin', name: candidate.specifier, from: describeOrigin(candidate.origin) });
    const result = await loadCandidate(candidate).finally(done);
    if ('plugin' in result) onFound?.(result);
    loaded.set(candidate, result);
  }
  const builtins = candidates.filter(({ origin }) => origin.kind === 'builtin');
  await Promise.all(builtins.map(async (candidate) => loaded.set(candidate, await loadCandidate(candidate))));
  return candidates.flatMap((candidate) => loaded.get(candidate) ?? []);
}

async function loadCandidate(candidate: PluginCandidate): Promise<FoundPlugin | FailedPlugin> {
  const { specifier, origin, provides } = candidate;
  try {
    const plugin = await candidate.load();
    const places = await candidate.locate?.();
    return { specifier, plugin, origin, ...(places && { places }) };
  } catch (error) {
    return { specifier, origin, error, ...(provides && { provides }) };
  }
}

/** Nothing has an id, and a plugin that cannot be used may be the reason: the error of that plugin, or a hint at it. */
function explainMissing(error: NnmError, failures: readonly FailedPlugin[]): NnmError {
  const { what, id } = error.details as { what?: string; id?: string };
  if (failures.length === 0 || id === undefined) return error;
  const owner = failures.find(({ provides }) =>
    (what === 'kernel' ? provides?.kernels : what === 'backend' ? provides?.backends : [])?.includes(id),
  );
  if (owner !== undefined && NnmError.isInstance(owner.error)) return owner.error;
  const names = failures.map(({ specifier }) => specifier).join(', ');
  const hint = `It may belong to a plugin that cannot be used here (${names}); \`nnm doctor\` says why.`;
  const { code, message, details } = error;
  return new NnmError({ code: code as `ERR_${string}`, message, hint: `${hint} ${error.hint ?? ''}`.trim(), details }, { cause: error });
}
