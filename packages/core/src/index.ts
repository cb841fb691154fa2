export * from './backend/index.ts';
export * from './errors/index.ts';
export * from './graph/index.ts';
export * from './kernel/index.ts';
export * from './plugin/index.ts';
export * from './random/index.ts';
export * from './regression/index.ts';
