export * from './data-folder.ts';
export * from './errors.ts';
export { type BackendMeta, type KernelMeta, readBackendMeta, readKernelMeta } from './meta-file.ts';
export * from './registered-source.ts';
export * from './registered-store.ts';
