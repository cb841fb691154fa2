import type { Graph } from '@nnm/core';
import { assertMultiple } from '../assert-multiple.ts';
import { type FeatureMap, NetworkBuilder } from '../network-builder.ts';

const HALF = { kernelSize: 4, strides: 2, padding: 1 } as const;
const TWICE = { kernelSize: 4, strides: 2, cut: [1, 1] } as const;

/** The generator of pix2pix, `unet_256` of junyanz/pytorch-CycleGAN-and-pix2pix: an image becomes another one of its size. */
export function pix2pix(name: string, batchSize: number, inputSize: number): Graph {
  assertMultiple(inputSize, 256, `: ${name} halves its images eight times`);
  const b = new NetworkBuilder(name);
  const leaky = (x: FeatureMap): FeatureMap => ({ ...x, id: b.g.leakyRelu(x.id, { alpha: 0.2 }) });
  const skipped: FeatureMap[] = [b.plainConv(b.input(batchSize, inputSize), 64, HALF)];
  for (const width of [128, 256, 512, 512, 512, 512]) {
    const y = b.plainConv(leaky(skipped.at(-1) as FeatureMap), width, HALF);
    skipped.push({ ...y, id: b.g.batchNorm(y.id, 1e-5) });
  }
  let x = b.activation(b.plainConv(leaky(skipped.at(-1) as FeatureMap), 512, HALF), 'relu');
  for (const width of [512, 512, 512, 512, 256, 128, 64]) {
    const joined = b.concat([skipped.pop() as FeatureMap, b.enlarge(x, width, TWICE)]);
    x = b.activation(joined, 'relu');
  }
  return b.g.build(b.g.tanh(b.enlarge(x, 3, { ...TWICE, batchNorm: false }).id));
}
