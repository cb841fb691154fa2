import type { Graph } from '@nnm/core';
import { type FeatureMap, NetworkBuilder } from '../network-builder.ts';

/** The generator of CycleGAN, `resnet_9blocks` of junyanz/pytorch-CycleGAN-and-pix2pix: mirrored borders, instance normalisation. */
export function cyclegan(name: string, batchSize: number, inputSize: number): Graph {
  const b = new NetworkBuilder(name);
  const mirror = (x: FeatureMap, pixels: number): FeatureMap => {
    const edge = [pixels, pixels] as const;
    return { ...x, id: b.g.pad(x.id, [[0, 0], edge, edge, [0, 0]], { mode: 'reflect' }), size: x.size + 2 * pixels };
  };
  const normalised = (x: FeatureMap): FeatureMap => ({ ...x, id: b.g.instanceNorm(x.id) });
  const relu = (x: FeatureMap): FeatureMap => b.activation(normalised(x), 'relu');
  const convolved = (x: FeatureMap, filters: number, kernelSize: number, strides = 1, padding = 0): FeatureMap =>
    b.conv(x, filters, { kernelSize, strides, padding, batchNorm: false });

  let x = relu(convolved(mirror(b.input(batchSize, inputSize), 3), 64, 7));
  for (const width of [128, 256]) x = relu(convolved(x, width, 3, 2, 1));
  for (let block = 0; block < 9; block++) {
    const inner = relu(convolved(mirror(x, 1), 256, 3));
    x = b.add(x, normalised(convolved(mirror(inner, 1), 256, 3)));
  }
  for (const width of [128, 64]) x = relu(b.enlarge(x, width, { kernelSize: 3, strides: 2, cut: [1, 0], batchNorm: false }));
  return b.g.build(b.g.tanh(convolved(mirror(x, 3), 3, 7).id));
}
