import { floatBytes, type Work } from '@nnm/core';
import type { ConvConfig } from './config.ts';
import { type ConvLayer, outputPixels, squareLayer, windowPixels } from './layer.ts';
import { type ConvLayers, layerFlops } from './layers.ts';

/**
 * Work of a convolution kernel at batch 1; equals `countWork` of its graph, without building it.
 *
 * Shapes: input `[1, HW, HW, CIN]`, weight `[K, K, CIN, COUT]`, output `[1, O, O, COUT]`, `O = ceil(HW / STRIDES)`.
 */
export function convWork(config: ConvConfig, layers: ConvLayers): Work {
  return layerWork(squareLayer(config), config.CIN, layers);
}

/** Work of a depthwise kernel at batch 1; weight `[K, K, CIN]`, otherwise as {@link convWork}. */
export function dwconvWork(config: ConvConfig, layers: ConvLayers): Work {
  return layerWork(squareLayer(config), 1, layers);
}

/**
 * Work of any convolution at batch 1.
 *
 * @param channelsPerSum - input channels that one output element sums over: all, those of a group, or 1
 */
export function layerWork(layer: ConvLayer, channelsPerSum: number, layers: ConvLayers): Work {
  const { h, w, cin, cout } = layer;
  const outputs = outputPixels(layer) * cout;
  const perOutput = windowPixels(layer) * channelsPerSum;
  const weights = perOutput * cout;
  return {
    flops: outputs * (2 * perOutput + layerFlops(layers)),
    params: weights + (layers.batchNorm ? 2 : 1) * cout,
    bytes: floatBytes(h * w * cin + outputs + weights + (layers.batchNorm ? 4 : 1) * cout),
  };
}
