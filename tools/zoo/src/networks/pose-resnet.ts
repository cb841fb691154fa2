import type { Graph } from '@nnm/core';
import { NetworkBuilder } from '../network-builder.ts';
import { bottleneck, resnetFeatures } from './resnet.ts';

const JOINTS = 17;

/** ResNet-50 with three transposed convolutions, which says where joints are (microsoft/human-pose-estimation.pytorch). */
export function poseResnet50(name: string, batchSize: number, inputSize: number): Graph {
  const b = new NetworkBuilder(name);
  let x = resnetFeatures(b, batchSize, inputSize, [3, 4, 6, 3], bottleneck);
  for (let stage = 0; stage < 3; stage++) x = b.enlarge(x, 256, { kernelSize: 4, strides: 2, cut: [1, 1], activation: 'relu' });
  return b.build(b.conv(x, JOINTS, { kernelSize: 1, batchNorm: false }));
}
