import type { Graph } from '@nnm/core';
import { assertMultiple } from '../assert-multiple.ts';
import { SequenceBuilder } from '../sequence-builder.ts';

/** Sizes of a vision transformer. */
export interface VisionTransformer {
  readonly patchSize: number;
  readonly channels: number;
  readonly heads: number;
  readonly layers: number;
}

/** ViT (torchvision) and DeiT (timm): patches, a class token, positions, layers that normalise first, a linear classifier. */
export function visionTransformer(name: string, batchSize: number, inputSize: number, sizes: VisionTransformer): Graph {
  const { patchSize, channels, heads, layers } = sizes;
  assertMultiple(inputSize, patchSize, `, the patches of ${name}`);
  const b = new SequenceBuilder(name, batchSize, 1e-6);
  const x = b.addPositions(b.prependToken(b.patches(inputSize, patchSize, channels)));
  const y = b.layers(x, layers, { heads, hidden: 4 * channels, norm: 'before', activation: 'gelu' });
  return b.build(b.g.dense(b.vectorAt(b.normalise(y), 0), 1000));
}
