// Made from the networks of @nnm/zoo by `npm run make:priors`. Do not edit.
import type { PriorTable } from '@nnm/core';

/** 29 layers of 8 published networks. */
export const transposedConvPrior: PriorTable<'H' | 'W' | 'CIN' | 'COUT' | 'KERNEL_H' | 'KERNEL_W' | 'STRIDE_H' | 'STRIDE_W'> = {
  columns: ['H', 'W', 'CIN', 'COUT', 'KERNEL_H', 'KERNEL_W', 'STRIDE_H', 'STRIDE_W'],
  rows: [
    ['unet', 16, 16, 512, 256, 2, 2, 2, 2],
    ['unet', 32, 32, 256, 128, 2, 2, 2, 2],
    ['unet', 64, 64, 128, 64, 2, 2, 2, 2],
    ['unet', 128, 128, 64, 32, 2, 2, 2, 2],
    ['fsrcnn', 128, 128, 56, 1, 9, 9, 3, 3],
    ['pose-resnet-50', 8, 8, 2048, 256, 4, 4, 2, 2],
    ['pose-resnet-50', 16, 16, 256, 256, 4, 4, 2, 2],
    ['pose-resnet-50', 32, 32, 256, 256, 4, 4, 2, 2],
    ['dcgan', 1, 1, 100, 512, 4, 4, 1, 1],
    ['dcgan', 4, 4, 512, 256, 4, 4, 2, 2],
    ['dcgan', 8, 8, 256, 128, 4, 4, 2, 2],
    ['dcgan', 16, 16, 128, 64, 4, 4, 2, 2],
    ['dcgan', 32, 32, 64, 3, 4, 4, 2, 2],
    ['dcgan-grey', 7, 7, 256, 128, 5, 5, 1, 1],
    ['dcgan-grey', 7, 7, 128, 64, 5, 5, 2, 2],
    ['dcgan-grey', 14, 14, 64, 1, 5, 5, 2, 2],
    ['pix2pix', 1, 1, 512, 512, 4, 4, 2, 2],
    ['pix2pix', 2, 2, 1024, 512, 4, 4, 2, 2],
    ['pix2pix', 4, 4, 1024, 512, 4, 4, 2, 2],
    ['pix2pix', 8, 8, 1024, 512, 4, 4, 2, 2],
    ['pix2pix', 16, 16, 1024, 256, 4, 4, 2, 2],
    ['pix2pix', 32, 32, 512, 128, 4, 4, 2, 2],
    ['pix2pix', 64, 64, 256, 64, 4, 4, 2, 2],
    ['pix2pix', 128, 128, 128, 3, 4, 4, 2, 2],
    ['cyclegan', 64, 64, 256, 128, 3, 3, 2, 2],
    ['cyclegan', 128, 128, 128, 64, 3, 3, 2, 2],
    ['erfnet', 64, 64, 128, 64, 3, 3, 2, 2],
    ['erfnet', 128, 128, 64, 16, 3, 3, 2, 2],
    ['erfnet', 256, 256, 16, 20, 2, 2, 2, 2],
  ],
};
