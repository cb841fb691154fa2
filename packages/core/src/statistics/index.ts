export * from './quantile.ts';
export * from './spread.ts';
