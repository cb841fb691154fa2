import type { Graph } from '@nnm/core';
import { type FeatureMap, NetworkBuilder } from '../network-builder.ts';
import { mobilenetV3Features } from './mobilenet-v3.ts';

const CLASSES = 21;
const RATES = [12, 24, 36];

/** DeepLab v3 on MobileNet v3 large as torchvision has it, without the training-time classifier: dilated convolutions, resizing. */
export function deeplabV3(name: string, batchSize: number, inputSize: number): Graph {
  const b = new NetworkBuilder(name, { padding: 'symmetric', epsilon: 1e-3 });
  const x = mobilenetV3Features(b, b.input(batchSize, inputSize), 'large', true);
  const conv = (y: FeatureMap, kernelSize: number, dilation = 1): FeatureMap =>
    b.conv(y, 256, { kernelSize, dilation, padding: kernelSize === 1 ? 0 : dilation, activation: 'relu' });
  const average: FeatureMap = { id: b.g.globalAvgPool(x.id, true), size: 1, channels: x.channels };
  const branches = [conv(x, 1), ...RATES.map((rate) => conv(x, 3, rate)), b.resize(conv(average, 1), x.size, 'bilinear')];
  const joined = conv(b.concat(branches as [FeatureMap, ...FeatureMap[]]), 1);
  const scores = b.conv(conv(joined, 3), CLASSES, { kernelSize: 1, batchNorm: false });
  return b.build(b.resize(scores, inputSize, 'bilinear'));
}
