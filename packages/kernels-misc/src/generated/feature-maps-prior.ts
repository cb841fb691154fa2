import type { PriorTable } from '@nnm/core';
import type { ImageConfig } from '../image.ts';

/** Layers of published networks. */
export const featureMapsPrior: PriorTable<ImageConfig> = {
  columns: ["HW","CIN"],
  rows: [
    ["x",112,64],
    ["x",56,128],
    ["x",7,1024],
  ],
};
