export * from './plugins/index.ts';
