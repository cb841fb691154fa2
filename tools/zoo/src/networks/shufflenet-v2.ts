import type { Graph } from '@nnm/core';
import { type FeatureMap, NetworkBuilder } from '../network-builder.ts';

/**
 * ShuffleNet v2 as torchvision has it.
 *
 * @param filters - of the three stages
 */
export function shufflenetV2(name: string, batchSize: number, inputSize: number, filters: readonly number[]): Graph {
  const b = new NetworkBuilder(name);
  let x = b.conv(b.input(batchSize, inputSize), 24, { kernelSize: 3, strides: 2, activation: 'relu' });
  x = b.maxPool(x, { kernelSize: 3, strides: 2 });
  filters.forEach((width, stage) => {
    x = reduce(b, x, width / 2);
    for (let unit = 1; unit < (stage === 1 ? 8 : 4); unit++) {
      const [kept, changed] = b.halves(x);
      x = b.shuffle(b.concat([kept, branch(b, changed, width / 2, 1)]));
    }
  });
  return b.build(b.dense(b.globalPool(b.conv(x, 1024, { kernelSize: 1, activation: 'relu' })), 1000));
}

/** The unit that halves the image: both branches see all channels. */
function reduce(b: NetworkBuilder, x: FeatureMap, width: number): FeatureMap {
  const shortcut = b.conv(b.depthwise(x, { kernelSize: 3, strides: 2 }), width, { kernelSize: 1, activation: 'relu' });
  return b.shuffle(b.concat([shortcut, branch(b, x, width, 2)]));
}

function branch(b: NetworkBuilder, x: FeatureMap, width: number, strides: number): FeatureMap {
  const narrow = b.conv(x, width, { kernelSize: 1, activation: 'relu' });
  return b.conv(b.depthwise(narrow, { kernelSize: 3, strides }), width, { kernelSize: 1, activation: 'relu' });
}
