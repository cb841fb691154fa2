export {
  type AnyBackend,
  BaseBackend,
  type BenchmarkModelCall,
  type BrowserRuntime,
  type ModelUse,
  siblingModule,
} from './base-backend.ts';
export * from './errors.ts';
export * from './input-noise.ts';
export * from './operator-support.ts';
export * from './types.ts';
