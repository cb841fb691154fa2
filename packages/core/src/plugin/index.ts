export * from './define-plugin.ts';
export type { FusionCase, FusionStep } from './fusion-case.ts';
export { type NpmCall, npmCall } from './npm-call.ts';
export { assertPlugin, createRegistry, DuplicateIdError, InvalidPluginError, type Registered, type Registry } from './registry.ts';
