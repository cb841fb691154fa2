export * from './define-plugin.ts';
export * from './registry.ts';
