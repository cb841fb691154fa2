// Made from the networks of @nnm/zoo by `npm run make:priors`. Do not edit.
import type { PriorTable } from '@nnm/core';

/** 4 layers of 2 published networks. */
export const resizePrior: PriorTable<'HW' | 'CIN' | 'SIZE'> = {
  columns: ['HW', 'CIN', 'SIZE'],
  rows: [
    ['deeplab-v3-mobilenet-v3', 1, 256, 33],
    ['deeplab-v3-mobilenet-v3', 33, 21, 520],
    ['yolo-v5n', 20, 128, 40],
    ['yolo-v5n', 40, 64, 80],
  ],
};
