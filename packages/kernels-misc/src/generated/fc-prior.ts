import type { PriorTable } from '@nnm/core';
import type { FcConfig } from '../fc.ts';

/** Layers of published networks. */
export const fcPrior: PriorTable<FcConfig> = {
  columns: ["CIN","COUT"],
  rows: [
    ["x",2048,1000],
    ["x",1280,1000],
    ["x",4096,4096],
  ],
};
