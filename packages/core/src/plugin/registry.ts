import type { AnyBackend } from '../backend/index.ts';
import type { AnyDeviceKind } from '../device/index.ts';
import { NnmError, UnknownIdError } from '../errors/index.ts';
import { type AnyKernel, ID_RULE, kernelFamily, kernelIdProblem } from '../kernel/index.ts';
import { isId } from '../kernel/kernel-id.ts';
import type { AnyRegressor } from '../regressor/regressor.ts';
import { PLUGIN_API_VERSION, type Plugin } from './define-plugin.ts';
import type { FusionCase } from './fusion-case.ts';

/** Two plugins, or one twice, provide the same id. */
export class DuplicateIdError extends NnmError {
  constructor(details: { what: string; id: string; owners: readonly [string, string] }) {
    super({
      code: 'ERR_DUPLICATE_ID',
      message: `Both ${details.owners[0]} and ${details.owners[1]} provide the ${details.what} "${details.id}".`,
      hint: `Remove one of the two from your nnm config, or rename the ${details.what} in the one that is yours.`,
      details,
    });
  }
}

/** A value that should be a plugin is not one; lists what is wrong with it. */
export class InvalidPluginError extends NnmError {
  constructor(details: { plugin: string; problems: readonly string[] }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_INVALID_PLUGIN',
        message: `${details.plugin} is not an nnm plugin: ${details.problems.join('; ')}.`,
        hint: "A plugin's default export is `definePlugin({ name, apiVersion: 1, kernels, backends, regressors })` from @nnm/core.",
        details,
      },
      options,
    );
  }
}

/** Kernels of one family describe themselves by different features, so they cannot share a predictor. */
export class FamilyFeaturesError extends NnmError {
  constructor(details: { family: string; kernels: readonly { type: string; plugin: string; features: readonly string[] }[] }) {
    const each = details.kernels.map(({ type, plugin, features }) => `${type} of ${plugin} has ${features.join(', ')}`);
    super({
      code: 'ERR_FAMILY_FEATURES',
      message: `Kernels of the family "${details.family}" share a predictor but have different features: ${each.join('; ')}.`,
      hint: 'Give one of them a family of its own (`family`), or the same feature parser.',
      details,
    });
  }
}

/** A plugin was made for another version of the plugin interface. */
export class PluginApiVersionError extends NnmError {
  constructor(details: { plugin: string; apiVersion: number }) {
    const newer = details.apiVersion > PLUGIN_API_VERSION;
    super({
      code: 'ERR_PLUGIN_API_VERSION',
      message: `${details.plugin} is made for plugin API ${details.apiVersion}; this @nnm/core speaks plugin API ${PLUGIN_API_VERSION}.`,
      hint: newer ? 'Update @nnm/core and @nnm/cli.' : `Update ${details.plugin}.`,
      details: { ...details, supported: PLUGIN_API_VERSION },
    });
  }
}

/** Something registered, with the name of the plugin that provides it. */
export interface Registered<T> {
  readonly value: T;
  readonly plugin: string;
}

/** An immutable lookup over plugins; made by {@link createRegistry}. Lists are in the order of the plugins. */
export interface Registry {
  readonly plugins: readonly Plugin[];
  readonly kernels: readonly Registered<AnyKernel>[];
  readonly backends: readonly Registered<AnyBackend>[];
  readonly devices: readonly Registered<AnyDeviceKind>[];
  readonly regressors: readonly Registered<AnyRegressor>[];
  readonly fusionCases: readonly Registered<FusionCase>[];
  /** @throws {@link UnknownIdError} with the nearest known ids */
  kernel(type: string): AnyKernel;
  /** @throws {@link UnknownIdError} with the nearest known ids */
  backend(id: string): AnyBackend;
  /** @throws {@link UnknownIdError} with the nearest known ids */
  device(id: string): AnyDeviceKind;
  /** @throws {@link UnknownIdError} with the nearest known ids */
  regressor(id: string): AnyRegressor;
  /** Kernels that share the family's predictor, in the order of the plugins. */
  family(name: string): readonly AnyKernel[];
}

/**
 * Build the lookup the pipeline works with.
 *
 * @param plugins - default exports of plugin packages, or values made by {@link definePlugin}
 * @throws {@link InvalidPluginError}, {@link PluginApiVersionError}, {@link DuplicateIdError}, {@link FamilyFeaturesError} naming the
 *   plugins concerned
 */
export function createRegistry(plugins: readonly Plugin[]): Registry {
  for (const plugin of plugins) assertPlugin(plugin);
  assertDistinct(
    'plugin',
    plugins.map((plugin) => ({ id: plugin.name, plugin: plugin.name })),
  );
  const kernels = collect(
    'kernel',
    plugins,
    (plugin) => plugin.kernels,
    (kernel) => kernel.type,
  );
  assertSameFeatures(kernels.list);
  const backends = collect(
    'backend',
    plugins,
    (plugin) => plugin.backends,
    (backend) => backend.id,
  );
  const devices = collect(
    'device',
    plugins,
    (plugin) => plugin.devices,
    (device) => device.id,
  );
  const regressors = collect(
    'regressor',
    plugins,
    (plugin) => plugin.regressors,
    (regressor) => regressor.id,
  );
  const fusionCases = collect(
    'fusion case',
    plugins,
    (plugin) => plugin.fusionCases,
    (fusionCase) => fusionCase.id,
  );
  return Object.freeze({
    plugins: Object.freeze([...plugins]),
    kernels: kernels.list,
    backends: backends.list,
    devices: devices.list,
    regressors: regressors.list,
    fusionCases: fusionCases.list,
    kernel: kernels.find,
    backend: backends.find,
    device: devices.find,
    regressor: regressors.find,
    family: (name: string) => kernels.list.map(({ value }) => value).filter((kernel) => kernelFamily(kernel) === name),
  });
}

function collect<T>(
  what: 'kernel' | 'backend' | 'device' | 'regressor' | 'fusion case',
  plugins: readonly Plugin[],
  listOf: (plugin: Plugin) => readonly T[] | undefined,
  idOf: (value: T) => string,
): { list: readonly Registered<T>[]; find: (id: string) => T } {
  const list = plugins.flatMap((plugin) => (listOf(plugin) ?? []).map((value) => ({ value, plugin: plugin.name })));
  assertDistinct(
    what,
    list.map(({ value, plugin }) => ({ id: idOf(value), plugin })),
  );
  const byId = new Map(list.map(({ value }) => [idOf(value), value]));
  const find = (id: string): T => {
    const value = byId.get(id);
    if (value === undefined) throw new UnknownIdError({ what, id, known: [...byId.keys()] });
    return value;
  };
  return { list: Object.freeze(list), find };
}

function assertSameFeatures(kernels: readonly Registered<AnyKernel>[]): void {
  const first = new Map<string, Registered<AnyKernel>>();
  for (const kernel of kernels) {
    const family = kernelFamily(kernel.value);
    const other = first.get(family) ?? kernel;
    first.set(family, other);
    if (other.value.features.featureNames.join() === kernel.value.features.featureNames.join()) continue;
    const describe = ({ value, plugin }: Registered<AnyKernel>) => ({ type: value.type, plugin, features: value.features.featureNames });
    throw new FamilyFeaturesError({ family, kernels: [describe(other), describe(kernel)] });
  }
}

function assertDistinct(what: string, entries: readonly { id: string; plugin: string }[]): void {
  const owners = new Map<string, string>();
  for (const { id, plugin } of entries) {
    const owner = owners.get(id);
    if (owner !== undefined) throw new DuplicateIdError({ what, id, owners: [owner, plugin] });
    owners.set(id, plugin);
  }
}

/**
 * Check that a value is a plugin this core can use.
 *
 * @param label - how to name it in errors when it has no name of its own: the package or path it came from
 */
export function assertPlugin(value: unknown, label = 'This value'): asserts value is Plugin {
  if (typeof value !== 'object' || value === null) {
    throw new InvalidPluginError({ plugin: label, problems: [`its default export is ${value === undefined ? 'missing' : typeof value}`] });
  }
  const plugin = value as Partial<Plugin>;
  const name = typeof plugin.name === 'string' && plugin.name !== '' ? plugin.name : undefined;
  if (name !== undefined && typeof plugin.apiVersion === 'number' && plugin.apiVersion !== PLUGIN_API_VERSION) {
    throw new PluginApiVersionError({ plugin: name, apiVersion: plugin.apiVersion });
  }
  const problems = [
    ...(name === undefined ? ['`name` must be the package name'] : []),
    ...(plugin.apiVersion === undefined ? [`\`apiVersion\` is missing (this core speaks ${PLUGIN_API_VERSION})`] : []),
    ...(plugin.apiVersion !== undefined && typeof plugin.apiVersion !== 'number'
      ? [`\`apiVersion\` must be a number, got ${JSON.stringify(plugin.apiVersion)}`]
      : []),
    ...listProblems('kernels', plugin.kernels, kernelProblems),
    ...listProblems('backends', plugin.backends, backendProblems),
    ...listProblems('devices', plugin.devices, deviceProblems),
    ...listProblems('regressors', plugin.regressors, regressorProblems),
    ...listProblems('fusionCases', plugin.fusionCases, (item) => [...missing(item, 'id', 'string'), ...missing(item, 'build', 'function')]),
  ];
  if (problems.length > 0) throw new InvalidPluginError({ plugin: name ?? label, problems });
}

function listProblems(key: string, list: unknown, problemsOf: (item: Record<string, unknown>) => readonly string[]): readonly string[] {
  if (list === undefined) return [];
  if (!Array.isArray(list)) return [`\`${key}\` must be an array`];
  return list.flatMap((item, index) => {
    if (typeof item !== 'object' || item === null) return [`\`${key}[${index}]\` must be an object`];
    return problemsOf(item as Record<string, unknown>).map((problem) => `\`${key}[${index}]\` ${problem}`);
  });
}

function kernelProblems(kernel: Record<string, unknown>): readonly string[] {
  return [
    ...['type', ...(kernel.family === undefined ? [] : ['family'])].flatMap((key) => {
      const problem = kernelIdProblem(kernel[key]);
      return problem === undefined ? [] : [`\`${key}\` ${problem}`];
    }),
    ...missing(kernel, 'block', 'function'),
    ...missing(kernel, 'configSpace', 'object'),
    ...missingMethods(kernel, 'sampler', ['priorConfigSampling', 'finegrainedConfigSampling']),
    ...missingMethods(kernel, 'features', ['getFeatureByConfig', 'getConfigByFeature']),
    ...(Array.isArray((kernel.features as { neededConfig?: unknown } | undefined)?.neededConfig)
      ? []
      : ['needs `features.neededConfig` (array)']),
    ...(Array.isArray((kernel.features as { featureNames?: unknown } | undefined)?.featureNames)
      ? []
      : ['needs `features.featureNames` (array)']),
  ];
}

function backendProblems(backend: Record<string, unknown>): readonly string[] {
  const runtime = backend.runtime;
  return [
    ...(isId(backend.id) ? [] : [`\`id\` must be ${ID_RULE}; got ${JSON.stringify(backend.id)}`]),
    ...missing(backend, 'convert', 'function'),
    ...missing(backend, 'parseSettings', 'function'),
    ...(Array.isArray(backend.implement) && backend.implement.length > 0 ? [] : ['needs `implement`, a list of "tensorflow" and "torch"']),
    ...(runtime instanceof URL || typeof runtime === 'function' ? [] : ['needs a `runtime`, the URL of a module or a function']),
  ];
}

function deviceProblems(device: Record<string, unknown>): readonly string[] {
  return [
    ...(isId(device.id) ? [] : [`\`id\` must be ${ID_RULE}; got ${JSON.stringify(device.id)}`]),
    ...(Array.isArray(device.keys) ? [] : ['needs `keys`, a list of keys of backend_config.yaml']),
    ...['parseSettings', 'refuse', 'look', 'open'].flatMap((key) => missing(device, key, 'function')),
  ];
}

function regressorProblems(regressor: Record<string, unknown>): readonly string[] {
  return [
    ...missing(regressor, 'id', 'string'),
    ...missing(regressor, 'parseOptions', 'function'),
    ...missing(regressor, 'fit', 'function'),
    ...missing(regressor, 'deserialise', 'function'),
  ];
}

function missing(item: Record<string, unknown>, key: string, type: 'function' | 'object' | 'string'): readonly string[] {
  return typeof item[key] === type && item[key] !== null ? [] : [`needs \`${key}\` (${type})`];
}

function missingMethods(item: Record<string, unknown>, key: string, methods: readonly string[]): readonly string[] {
  const part = item[key];
  if (typeof part !== 'object' || part === null) return [`needs \`${key}\` (object)`];
  return methods
    .filter((name) => typeof (part as Record<string, unknown>)[name] !== 'function')
    .map((name) => `\`${key}.${name}\` is not a function`);
}
