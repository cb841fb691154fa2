import { square, type Work } from '@nnm/core';
import type { ConvConfig } from './config.ts';
import { type ConvLayers, layerFlops } from './layers.ts';

const BYTES_PER_FLOAT = 4;

/**
 * Work of a convolution kernel at batch 1; equals `countWork` of its graph, without building it.
 *
 * Shapes: input `[1, HW, HW, CIN]`, weight `[K, K, CIN, COUT]`, output `[1, O, O, COUT]`, `O = ceil(HW / STRIDES)`.
 */
export function convWork({ HW, CIN, COUT, KERNEL_SIZE, STRIDES }: ConvConfig, layers: ConvLayers): Work {
  return windowWork(
    { inputs: HW * HW * CIN, outputs: square(Math.ceil(HW / STRIDES)) * COUT, perOutput: square(KERNEL_SIZE) * CIN, channels: COUT },
    layers,
  );
}

/** Work of a depthwise kernel at batch 1; weight `[K, K, CIN]`, otherwise as {@link convWork}. */
export function dwconvWork({ HW, CIN, KERNEL_SIZE, STRIDES }: ConvConfig, layers: ConvLayers): Work {
  return windowWork(
    { inputs: HW * HW * CIN, outputs: square(Math.ceil(HW / STRIDES)) * CIN, perOutput: square(KERNEL_SIZE), channels: CIN },
    layers,
  );
}

/** `inputs`, `outputs`: elements; `perOutput`: multiply-adds per output element, also weights per channel; `channels`: of the output. */
interface WindowSizes {
  readonly inputs: number;
  readonly outputs: number;
  readonly perOutput: number;
  readonly channels: number;
}

function windowWork({ inputs, outputs, perOutput, channels }: WindowSizes, layers: ConvLayers): Work {
  const weights = perOutput * channels;
  return {
    flops: outputs * (2 * perOutput + layerFlops(layers)),
    params: weights + (layers.batchNorm ? 2 : 1) * channels,
    bytes: BYTES_PER_FLOAT * (inputs + outputs + weights + (layers.batchNorm ? 4 : 1) * channels),
  };
}
