export * from './attention.ts';
export * from './matrix.ts';
export { default } from './plugin.ts';
export * from './rows.ts';
