export * from './base-backend.ts';
export * from './errors.ts';
export * from './types.ts';
