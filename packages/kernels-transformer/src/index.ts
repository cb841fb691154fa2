export * from './attention.ts';
export type { HeadsConfig } from './head-shapes.ts';
export * from './heads.ts';
export { type DenseConfig, dense, denseGelu, type MatmulConfig, matmul, matmulTransposed } from './matrix.ts';
export { default } from './plugin.ts';
export * from './rows.ts';
