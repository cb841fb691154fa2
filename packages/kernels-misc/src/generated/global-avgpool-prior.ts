import type { PriorTable } from '@nnm/core';
import type { ImageConfig } from '../image.ts';

/** Layers of published networks. */
export const globalAvgpoolPrior: PriorTable<ImageConfig> = {
  columns: ["HW","CIN"],
  rows: [
    ["x",7,1280],
    ["x",7,512],
  ],
};
