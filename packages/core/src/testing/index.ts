export * from './contract/index.ts';
export * from './reference/index.ts';
