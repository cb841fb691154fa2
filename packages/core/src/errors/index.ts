export * from './errors.ts';
export * from './nnm-error.ts';
export { suggestNearest } from './suggest.ts';
export { throwIfAborted } from './throw-if-aborted.ts';
