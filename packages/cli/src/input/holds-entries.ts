import type { RowKernels } from './row-kernels.ts';

/** True for the config or latency file of a workspace: `{ "<kernel>": { "<id>": { "config": { … } } } }`. */
export function holdsEntries(json: unknown, kernels: RowKernels): json is Readonly<Record<string, unknown>> {
  if (!isObject(json)) return false;
  return Object.entries(json).some(([type, entries]) => isObject(entries) && kernels.find(type) !== undefined);
}

/** True for an object that is no array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
