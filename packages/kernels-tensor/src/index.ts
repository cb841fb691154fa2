export { binaryKernels } from './binary.ts';
export * from './movement.ts';
export { default } from './plugin.ts';
export { type ResizeConfig, resizeBilinear, resizeNearest } from './resize.ts';
export * from './row-functions.ts';
export type { RowsConfig } from './rows.ts';
export { unaryKernels } from './unary.ts';
