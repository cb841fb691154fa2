import type { PriorTable } from '@nnm/core';
import type { ImageConfig } from '../image.ts';

/** Layers of published networks. */
export const channelHalvesPrior: PriorTable<ImageConfig> = {
  columns: ["HW","CIN"],
  rows: [
    ["x",28,116],
    ["x",14,232],
  ],
};
