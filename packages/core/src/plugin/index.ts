export * from './define-plugin.ts';
export { assertPlugin, createRegistry, DuplicateIdError, InvalidPluginError, type Registered, type Registry } from './registry.ts';
