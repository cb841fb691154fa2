import type { PriorTable } from '@nnm/core';
import type { ConvConfig } from '../config.ts';

/** Layers of published networks. */
export const dwconvPrior: PriorTable<ConvConfig> = {
  columns: ['HW', 'CIN', 'COUT', 'KERNEL_SIZE', 'STRIDES'],
  rows: [
    ["mobilenetv2",112,32,32,3,1],
    ["mobilenetv2",112,96,96,3,2],
    ["mobilenetv2",56,144,144,3,1],
    ["mobilenetv2",56,144,144,3,2],
    ["mobilenetv2",28,192,192,3,1],
    ["mobilenetv2",28,192,192,3,2],
    ["mobilenetv2",14,384,384,3,1],
    ["mobilenetv2",14,576,576,3,2],
    ["mobilenetv2",7,960,960,3,1],
    ["mobilenetv2",14,480,480,5,1],
    ["mobilenetv2",28,120,120,5,1],
    ["mobilenetv2",7,1152,1152,5,1],
  ],
};
