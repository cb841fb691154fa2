import type { Graph } from '@nnm/core';
import { assertMultiple } from '../assert-multiple.ts';
import { type FeatureMap, NetworkBuilder } from '../network-builder.ts';

const CLASSES = 80;

/** YOLOv5n (Ultralytics, v6): backbone, pyramid in both directions, three heads. Boxes are decoded outside. */
export function yoloV5n(name: string, batchSize: number, inputSize: number): Graph {
  assertMultiple(inputSize, 32, ': yolo-v5n halves its images five times');
  const b = new NetworkBuilder(name, { padding: 'symmetric', epsilon: 1e-3 });
  const conv = (x: FeatureMap, filters: number, kernelSize = 1, strides = 1): FeatureMap =>
    b.conv(x, filters, { kernelSize, strides, activation: 'swish' });
  /** Two branches of half the filters, one with residual blocks. */
  const stage = (x: FeatureMap, filters: number, blocks: number, shortcut = true): FeatureMap => {
    let inner = conv(x, filters / 2);
    for (let i = 0; i < blocks; i++) {
      const y = conv(conv(inner, filters / 2), filters / 2, 3);
      inner = shortcut ? b.add(inner, y) : y;
    }
    return conv(b.concat([inner, conv(x, filters / 2)]), filters);
  };
  const pool = (x: FeatureMap): FeatureMap => b.maxPool(x, { kernelSize: 5 });
  const enlarge = (x: FeatureMap): FeatureMap => b.resize(x, 2 * x.size, 'nearest');

  let x = b.conv(b.input(batchSize, inputSize), 16, { kernelSize: 6, strides: 2, padding: 2, activation: 'swish' });
  x = stage(conv(x, 32, 3, 2), 32, 1);
  const eighth = stage(conv(x, 64, 3, 2), 64, 2);
  const sixteenth = stage(conv(eighth, 128, 3, 2), 128, 3);
  x = conv(stage(conv(sixteenth, 256, 3, 2), 256, 1), 128);
  const once = pool(x);
  const twice = pool(once);
  const top = conv(conv(b.concat([x, once, twice, pool(twice)]), 256), 128);
  const middle = conv(stage(b.concat([enlarge(top), sixteenth]), 128, 1, false), 64);
  const fine = stage(b.concat([enlarge(middle), eighth]), 64, 1, false);
  const medium = stage(b.concat([conv(fine, 64, 3, 2), middle]), 128, 1, false);
  const coarse = stage(b.concat([conv(medium, 128, 3, 2), top]), 256, 1, false);
  const head = (y: FeatureMap): FeatureMap => b.conv(y, 3 * (CLASSES + 5), { kernelSize: 1, batchNorm: false, activation: 'sigmoid' });
  return b.build(head(fine), head(medium), head(coarse));
}
