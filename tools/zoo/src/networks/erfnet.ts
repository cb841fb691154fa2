import type { Graph, Size2d } from '@nnm/core';
import { assertMultiple } from '../assert-multiple.ts';
import { type FeatureMap, NetworkBuilder } from '../network-builder.ts';

const CLASSES = 20;

/** ERFNet as Eromera/erfnet_pytorch has it, for one image: windows of 3x1 and 1x3, transposed convolutions upwards and to the classes. */
export function erfnet(name: string, batchSize: number, inputSize: number): Graph {
  assertMultiple(inputSize, 8, `: ${name} halves its images three times`);
  const b = new NetworkBuilder(name, { padding: 'symmetric', epsilon: 1e-3 });
  const shrink = (x: FeatureMap, channels: number): FeatureMap => {
    const convolved = b.conv(x, channels - x.channels, { kernelSize: 3, strides: 2, batchNorm: false });
    return b.batchNormRelu(b.concat([convolved, b.maxPool(x, { kernelSize: 2, strides: 2, padding: 0 })]));
  };
  const enlarge = (x: FeatureMap, channels: number): FeatureMap =>
    b.enlarge(x, channels, { kernelSize: 3, strides: 2, cut: [1, 0], activation: 'relu' });
  const factorised = (x: FeatureMap, dilation = 1): FeatureMap => {
    const conv = (y: FeatureMap, kernelSize: Size2d, step: number): FeatureMap =>
      b.conv(y, x.channels, { kernelSize, dilation: step, padding: kernelSize[0] === 3 ? [step, 0] : [0, step], batchNorm: false });
    const twice = (y: FeatureMap, step: number): FeatureMap => conv(b.activation(conv(y, [3, 1], step), 'relu'), [1, 3], step);
    const first = b.batchNormRelu(twice(x, 1));
    const second = twice(first, dilation);
    return b.activation(b.add({ ...second, id: b.g.batchNorm(second.id, 1e-3) }, x), 'relu');
  };

  let x = shrink(shrink(b.input(batchSize, inputSize), 16), 64);
  for (let block = 0; block < 5; block++) x = factorised(x);
  x = shrink(x, 128);
  for (const dilation of [2, 4, 8, 16, 2, 4, 8, 16]) x = factorised(x, dilation);
  for (const channels of [64, 16]) x = factorised(factorised(enlarge(x, channels)));
  return b.build(b.transposedConv(x, CLASSES, 2));
}
