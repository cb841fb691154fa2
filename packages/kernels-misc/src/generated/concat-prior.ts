import type { PriorTable } from '@nnm/core';
import type { ConcatConfig } from '../concat.ts';

/** Layers of published networks. */
export const concatPrior: PriorTable<ConcatConfig> = {
  columns: ["HW","CIN1","CIN2","CIN3","CIN4"],
  rows: [
    ["x",28,64,128,32,32],
    ["x",56,64,64,0,0],
  ],
};
