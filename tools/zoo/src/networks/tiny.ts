import { type Graph, GraphBuilder, InvalidArgumentError, resolvePadding, type Size2d } from '@nnm/core';
import { NetworkBuilder } from '../network-builder.ts';
import { separableBlocks } from './mobilenet-v1.ts';
import { basicBlock } from './resnet.ts';

/** What Keras has, and the four networks of MLPerf Tiny (arXiv 2106.07597) with it. */
const KERAS = { padding: 'tensorflow', epsilon: 1e-3 } as const;

/** The ResNet of MLPerf Tiny: ten classes of images of 32 pixels. Its two shortcuts have a bias there instead of a normalisation. */
export function resnet8(name: string, batchSize: number, inputSize: number): Graph {
  const b = new NetworkBuilder(name, KERAS);
  let x = b.conv(b.input(batchSize, inputSize), 16, { kernelSize: 3, activation: 'relu' });
  x = basicBlock(b, x, 16, 1);
  for (const width of [32, 64]) x = basicBlock(b, x, width, 2);
  return b.build(b.dense(b.globalPool(x), 10));
}

/** The MobileNet of MLPerf Tiny: is there somebody in an image of 96 pixels? */
export function visualWakeWords(name: string, batchSize: number, inputSize: number): Graph {
  const b = new NetworkBuilder(name, KERAS);
  return b.build(b.dense(b.globalPool(separableBlocks(b, b.input(batchSize, inputSize), 0.25, 'relu')), 2));
}

const KEYWORD_CHANNELS = 64;

/**
 * The keyword spotter of MLPerf Tiny: `inputSize` steps in time by 10 coefficients.
 *
 * @throws InvalidArgumentError for fewer steps than the first window has
 */
export function dsCnn(name: string, batchSize: number, inputSize: number): Graph {
  const [window, strides] = [
    [10, 4],
    [2, 2],
  ] as const;
  if (inputSize < window[0]) throw new InvalidArgumentError({ name: 'inputSize', expected: `at least ${window[0]}`, got: inputSize });
  const g = new GraphBuilder(name);
  const normalised = (id: string): string => g.activation(g.batchNorm(id, KERAS.epsilon), 'relu');
  const same = (size: Size2d, kernel: Size2d, step: Size2d) => resolvePadding('same', 'tensorflow', size, kernel, step);
  const x = g.input([batchSize, inputSize, 10, 1]);
  const padding = same([inputSize, 10], window, strides);
  let y = normalised(g.conv2d(x, KEYWORD_CHANNELS, { kernelSize: window, strides, padding, useBias: false }));
  const size: Size2d = [Math.ceil(inputSize / strides[0]), 5];
  for (let block = 0; block < 4; block++) {
    y = normalised(g.depthwiseConv2d(y, { kernelSize: 3, padding: same(size, [3, 3], [1, 1]), useBias: false }));
    y = normalised(g.conv2d(y, KEYWORD_CHANNELS, { kernelSize: 1, padding: 'valid', useBias: false }));
  }
  return g.build(g.dense(g.globalAvgPool(y), 12));
}

/** The autoencoder of MLPerf Tiny that knows a machine by its sound: vectors of 640, or as many as asked for. */
export function denseAutoencoder(name: string, batchSize: number, inputSize: number): Graph {
  const g = new GraphBuilder(name);
  const x = g.input([batchSize, inputSize]);
  const hidden = [128, 128, 128, 128, 8, 128, 128, 128, 128];
  const y = hidden.reduce((id, width) => g.activation(g.batchNorm(g.dense(id, width), KERAS.epsilon), 'relu'), x);
  return g.build(g.dense(y, inputSize));
}
