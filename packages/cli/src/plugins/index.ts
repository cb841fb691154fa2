export { CoreVersionError } from './core-version.ts';
export { defaultSources } from './default-sources.ts';
export { findDependencyPlugins, PLUGIN_KEYWORD } from './dependency-plugins.ts';
export {
  type Discovery,
  type DiscoveryOptions,
  discoverPlugins,
  type FailedPlugin,
  type FoundPlugin,
  type FoundPlugins,
  findPlugins,
} from './discover.ts';
export * from './errors.ts';
export { defaultExport, importModule } from './import-module.ts';
export { loadPlugin } from './load-plugin.ts';
export * from './nnm-config.ts';
export * from './origin.ts';
export { resolvePlugin } from './resolve-plugin.ts';
export * from './sources.ts';
