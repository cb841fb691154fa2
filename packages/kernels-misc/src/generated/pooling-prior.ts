import type { PriorTable } from '@nnm/core';
import type { PoolConfig } from '../pooling.ts';

/** Layers of published networks. */
export const poolingPrior: PriorTable<PoolConfig> = {
  columns: ["HW","CIN","COUT","KERNEL_SIZE","POOL_STRIDES"],
  rows: [
    ["x",112,64,64,3,2],
    ["x",56,128,128,2,2],
    ["x",28,256,256,3,1],
  ],
};
