// Made from the networks of @nnm/zoo by `npm run make:priors`. Do not edit.
import type { PriorTable } from '@nnm/core';

/** 4 layers of 1 published networks. */
export const transposedConvPrior: PriorTable<'H' | 'W' | 'CIN' | 'COUT' | 'KERNEL_H' | 'KERNEL_W' | 'STRIDE_H' | 'STRIDE_W'> = {
  columns: ['H', 'W', 'CIN', 'COUT', 'KERNEL_H', 'KERNEL_W', 'STRIDE_H', 'STRIDE_W'],
  rows: [
    ['unet', 16, 16, 512, 256, 2, 2, 2, 2],
    ['unet', 32, 32, 256, 128, 2, 2, 2, 2],
    ['unet', 64, 64, 128, 64, 2, 2, 2, 2],
    ['unet', 128, 128, 64, 32, 2, 2, 2, 2],
  ],
};
