import type { PriorTable } from '@nnm/core';
import type { ImageConfig } from '../image.ts';

/** Layers of published networks. */
export const addPrior: PriorTable<ImageConfig> = {
  columns: ["HW","CIN"],
  rows: [
    ["x",56,256],
    ["x",14,96],
  ],
};
