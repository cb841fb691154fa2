// Made from the networks of @nnm/zoo by `npm run make:priors`. Do not edit.
import type { PriorTable } from '@nnm/core';

/** 29 layers of 29 published networks. */
export const globalAvgpoolPrior: PriorTable<'HW' | 'CIN'> = {
  columns: ['HW', 'CIN'],
  rows: [
    ['resnet-18', 7, 512],
    ['resnet-34', 7, 512],
    ['resnet-50', 7, 2048],
    ['densenet-121', 7, 1024],
    ['googlenet', 7, 1024],
    ['squeezenet-1.0', 13, 1000],
    ['squeezenet-1.1', 13, 1000],
    ['mobilenet-v1-1.0', 7, 1024],
    ['mobilenet-v1-0.5', 7, 512],
    ['mobilenet-v2', 7, 1280],
    ['mobilenet-v3-small', 7, 576],
    ['mobilenet-v3-large', 7, 960],
    ['shufflenet-v2-0.5', 7, 1024],
    ['shufflenet-v2-1.0', 7, 1024],
    ['mnasnet-0.5', 7, 1280],
    ['mnasnet-1.0', 7, 1280],
    ['efficientnet-b0', 7, 1280],
    ['efficientnet-lite0', 7, 1280],
    ['proxylessnas-mobile', 7, 1280],
    ['regnet-x-400mf', 7, 400],
    ['regnet-y-400mf', 7, 440],
    ['inception-v3', 8, 2048],
    ['convnext-t', 7, 768],
    ['swin-t', 7, 768],
    ['mobilevit-s', 8, 640],
    ['deeplab-v3-mobilenet-v3', 33, 960],
    ['resnet-8', 8, 64],
    ['visual-wake-words', 3, 256],
    ['ds-cnn', 25, 64],
  ],
};
