export type { ConfigShape } from './config-shape.ts';
export { DEFAULT_COST_LIMITS } from './cost-limits.ts';
export * from './prior-sampler.ts';
export type { PriorRow, PriorTable } from './prior-table.ts';
export * from './shortfall-note.ts';
export { HW_VALUES, KERNEL_SIZE_VALUES, MAX_SIDE, POOL_SIZE_VALUES, STRIDE_VALUES } from './snap.ts';
