import type { PriorTable } from '@nnm/core';
import type { ImageConfig } from '../image.ts';

/** Layers of published networks. */
export const sePrior: PriorTable<ImageConfig> = {
  columns: ["HW","CIN"],
  rows: [
    ["x",28,120],
    ["x",14,480],
  ],
};
