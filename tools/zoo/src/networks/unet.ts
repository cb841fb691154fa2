import type { Graph } from '@nnm/core';
import { assertMultiple } from '../assert-multiple.ts';
import { type FeatureMap, NetworkBuilder } from '../network-builder.ts';

/** U-Net as published for brain MRI (mateuszbuda/brain-segmentation-pytorch): batch normalisation, transposed convolutions upwards. */
export function unet(name: string, batchSize: number, inputSize: number): Graph {
  assertMultiple(inputSize, 16, ': unet halves its images four times');
  const b = new NetworkBuilder(name);
  const twice = (x: FeatureMap, filters: number): FeatureMap =>
    b.conv(b.conv(x, filters, { kernelSize: 3, activation: 'relu' }), filters, { kernelSize: 3, activation: 'relu' });
  const widths = [32, 64, 128, 256];
  const skipped: FeatureMap[] = [];
  let x = b.input(batchSize, inputSize);
  for (const width of widths) {
    const y = twice(x, width);
    skipped.push(y);
    x = b.maxPool(y, { kernelSize: 2, strides: 2, padding: 0 });
  }
  x = twice(x, 512);
  for (const width of widths.toReversed()) x = twice(b.concat([b.transposedConv(x, width, 2), skipped.pop() as FeatureMap]), width);
  return b.build(b.conv(x, 1, { kernelSize: 1, batchNorm: false, activation: 'sigmoid' }));
}
