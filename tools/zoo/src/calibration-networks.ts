import type { Graph } from '@nnm/core';
import { network } from './network.ts';

/** A network that runtimes are calibrated with. */
export interface CalibrationNetwork {
  /** Unlike any other's: `mobilenet-v2`, `mobilenet-v2@96`. */
  readonly name: string;
  /** Its id in the zoo. */
  readonly network: string;
  /** @param batchSize - default 1 */
  readonly build: (batchSize?: number) => Graph;
}

/** Of every kind some, none of them larger than a minute's measuring. */
const PUBLISHED = [
  'mobilenet-v1-0.5',
  'mobilenet-v2',
  'mobilenet-v3-small',
  'shufflenet-v2-0.5',
  'squeezenet-1.1',
  'resnet-18',
  'googlenet',
  'regnet-x-400mf',
  'efficientnet-lite0',
  'densenet-121',
  'alexnet',
  'deit-t',
  'bert-small',
  'yolo-v5n',
  'resnet-8',
  'visual-wake-words',
  'ds-cnn',
];

/** Small images and a short text: weights are as large as published and everything else is not, so that they are most of what moves. */
const SMALL: readonly (readonly [network: string, inputSize: number])[] = [
  ['mobilenet-v2', 96],
  ['mobilenet-v3-small', 128],
  ['resnet-18', 96],
  ['regnet-x-400mf', 128],
  ['efficientnet-lite0', 96],
  ['bert-small', 16],
];

/** Networks that runtimes are calibrated with: how the time of a whole network follows from its kernels. They say nothing of how good a calibration is; all others do. */
export const calibrationNetworks: readonly CalibrationNetwork[] = [
  ...PUBLISHED.map((name) => ({ name, network: name, build: (batchSize = 1) => network(name, { batchSize }) })),
  ...SMALL.map(([name, inputSize]) => ({
    name: `${name}@${inputSize}`,
    network: name,
    build: (batchSize = 1) => network(name, { batchSize, inputSize }),
  })),
];
