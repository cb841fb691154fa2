export * from './errors.ts';
export * from './forest-workers.ts';
