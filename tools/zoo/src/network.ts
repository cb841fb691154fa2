import { type Graph, InvalidArgumentError, UnknownIdError } from '@nnm/core';
import { alexnet } from './networks/alexnet.ts';
import { densenet121 } from './networks/densenet.ts';
import { efficientnetB0, efficientnetLite0 } from './networks/efficientnet.ts';
import { googlenet } from './networks/googlenet.ts';
import { mnasnet } from './networks/mnasnet.ts';
import { mobilenetV1 } from './networks/mobilenet-v1.ts';
import { mobilenetV2 } from './networks/mobilenet-v2.ts';
import { mobilenetV3 } from './networks/mobilenet-v3.ts';
import { proxylessnasMobile } from './networks/proxylessnas.ts';
import { basicBlock, bottleneck, resnet } from './networks/resnet.ts';
import { shufflenetV2 } from './networks/shufflenet-v2.ts';
import { squeezenet } from './networks/squeezenet.ts';
import { vgg } from './networks/vgg.ts';

type NetworkFunction = (name: string, batchSize: number, inputSize: number) => Graph;

const NETWORKS: Readonly<Record<string, NetworkFunction>> = {
  alexnet,
  'vgg-11': (name, n, size) => vgg(name, n, size, [1, 1, 2, 2, 2]),
  'vgg-13': (name, n, size) => vgg(name, n, size, [2, 2, 2, 2, 2]),
  'vgg-16': (name, n, size) => vgg(name, n, size, [2, 2, 3, 3, 3]),
  'vgg-19': (name, n, size) => vgg(name, n, size, [2, 2, 4, 4, 4]),
  'resnet-18': (name, n, size) => resnet(name, n, size, [2, 2, 2, 2], basicBlock),
  'resnet-34': (name, n, size) => resnet(name, n, size, [3, 4, 6, 3], basicBlock),
  'resnet-50': (name, n, size) => resnet(name, n, size, [3, 4, 6, 3], bottleneck),
  'densenet-121': densenet121,
  googlenet,
  'squeezenet-1.0': (name, n, size) => squeezenet(name, n, size, '1.0'),
  'squeezenet-1.1': (name, n, size) => squeezenet(name, n, size, '1.1'),
  'mobilenet-v1-1.0': (name, n, size) => mobilenetV1(name, n, size, 1),
  'mobilenet-v1-0.5': (name, n, size) => mobilenetV1(name, n, size, 0.5),
  'mobilenet-v2': mobilenetV2,
  'mobilenet-v3-small': (name, n, size) => mobilenetV3(name, n, size, 'small'),
  'mobilenet-v3-large': (name, n, size) => mobilenetV3(name, n, size, 'large'),
  'shufflenet-v2-0.5': (name, n, size) => shufflenetV2(name, n, size, [48, 96, 192]),
  'shufflenet-v2-1.0': (name, n, size) => shufflenetV2(name, n, size, [116, 232, 464]),
  'mnasnet-0.5': (name, n, size) => mnasnet(name, n, size, 0.5),
  'mnasnet-1.0': (name, n, size) => mnasnet(name, n, size, 1),
  'efficientnet-b0': efficientnetB0,
  'efficientnet-lite0': efficientnetLite0,
  'proxylessnas-mobile': proxylessnasMobile,
};

/** Ids of the networks of the zoo. */
export const networkNames: readonly string[] = Object.keys(NETWORKS);

/** How to build a network. */
export interface NetworkOptions {
  /** Default 1. */
  readonly batchSize?: number;
  /** Height and width of the input in pixels. Default 224, with which every network was published. */
  readonly inputSize?: number;
}

/**
 * Build a published network as a graph: input `[batchSize, inputSize, inputSize, 3]`, output `[batchSize, 1000]` (logits).
 *
 * Dropout, which does nothing at inference, and the final softmax are left out. Padding is explicit, so every framework
 * computes the same function.
 *
 * @param name - one of {@link networkNames}
 * @throws UnknownIdError for another name; InvalidArgumentError for sizes the network cannot take
 * @example network('mobilenet-v2', { batchSize: 4 })
 */
export function network(name: string, options: NetworkOptions = {}): Graph {
  const { batchSize = 1, inputSize = 224 } = options;
  const build = Object.hasOwn(NETWORKS, name) ? NETWORKS[name] : undefined;
  if (build === undefined) throw new UnknownIdError({ what: 'network', id: name, known: networkNames });
  assertPositiveInteger('batchSize', batchSize);
  assertPositiveInteger('inputSize', inputSize);
  return build(name, batchSize, inputSize);
}

function assertPositiveInteger(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError({ name, expected: 'an integer >= 1', got: value });
}
