import type { ActivationFunction, GraphBuilder, ValueId } from '@nnm/core';

/** What follows the convolution of a kernel: batch normalisation, an activation, both or neither. */
export interface ConvLayers {
  /** A convolution followed by batch normalisation has no bias of its own. */
  readonly batchNorm: boolean;
  readonly activation?: ActivationFunction;
}

/** Append what follows the convolution. */
export function appendLayers(g: GraphBuilder, x: ValueId, layers: ConvLayers): ValueId {
  const normalised = layers.batchNorm ? g.batchNorm(x) : x;
  return layers.activation === undefined ? normalised : g.activation(normalised, layers.activation);
}

/** Operations per output element, beyond the multiply-adds, as `countWork` counts them: bias or batch norm, activation. */
export function layerFlops({ batchNorm, activation }: ConvLayers): number {
  const activationFlops = activation === undefined ? 0 : activation === 'relu' || activation === 'relu6' ? 1 : 4;
  return (batchNorm ? 2 : 1) + activationFlops;
}
