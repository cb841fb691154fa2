import { type Graph } from '@nnm/core';
/** Kinds of layers that kernels are sampled like; the names are those of the prior tables. */
export type LayerKind =
  | 'conv'
  | 'dwconv'
  | 'pooling'
  | 'fc'
  | 'concat'
  | 'channel-halves'
  | 'se'
  | 'global-avgpool'
  | 'add'
  | 'feature-maps';
/** One layer of a network, as the kernel configuration that stands for it. */
export interface NetworkLayer {
  readonly kind: LayerKind;
  readonly config: Readonly<Record<string, number>>;
}
/**
 * The layers of a network as kernel configurations, in execution order.
 *
 * A convolution with what follows it (batch normalisation, activation) is one layer. A squeeze-and-excitation branch is one
 * `se` layer, its pooling and 1x1 convolutions are not layers of their own. `channel-halves` are splits and channel shuffles.
 * `feature-maps` are the images that are batch-normalised or activated, one per convolution or pre-activation, not per op.
 */
export declare function networkLayers(graph: Graph): readonly NetworkLayer[];
//# sourceMappingURL=network-layers.d.ts.map
