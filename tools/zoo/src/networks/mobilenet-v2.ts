import type { Graph } from '@nnm/core';
import { invertedResidual } from '../inverted-residual.ts';
import { type FeatureMap, NetworkBuilder } from '../network-builder.ts';

/** Expansion, filters, repeats and first stride of the stages. */
const STAGES: readonly (readonly [expansion: number, filters: number, repeats: number, strides: number])[] = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
];

/** The inverted residuals; every block's output is one of the list. */
export function mobilenetV2Blocks(b: NetworkBuilder, image: FeatureMap): readonly FeatureMap[] {
  const outputs = [b.conv(image, 32, { kernelSize: 3, strides: 2, activation: 'relu6' })];
  for (const [expansion, filters, repeats, strides] of STAGES) {
    for (let index = 0; index < repeats; index++) {
      const x = outputs.at(-1) as FeatureMap;
      const block = { filters, kernelSize: 3, strides: index === 0 ? strides : 1, expanded: expansion * x.channels } as const;
      outputs.push(invertedResidual(b, x, { ...block, activation: 'relu6' }));
    }
  }
  return outputs;
}

/** MobileNet v2 (width 1) as torchvision has it. */
export function mobilenetV2(name: string, batchSize: number, inputSize: number): Graph {
  const b = new NetworkBuilder(name);
  const x = mobilenetV2Blocks(b, b.input(batchSize, inputSize)).at(-1) as FeatureMap;
  return b.build(b.dense(b.globalPool(b.conv(x, 1280, { kernelSize: 1, activation: 'relu6' })), 1000));
}
