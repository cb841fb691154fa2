import type { DrawnTensor } from '@nnm/core';
import type { LazyElements } from '../graph-model/graph-model-builder.ts';
import { batchNormAffine } from './batch-norm-affine.ts';
import type { OpWriter } from './op-writer.ts';

/** The output channels of a layer that one node computes: part `index` of `count` equal ones. */
interface FilterGroup {
  readonly index: number;
  readonly count: number;
}

/** Constants of a layer after the batch normalisation behind it was folded in. */
export interface LayerWeights {
  /** Elements of the kernel in the order of its shape, output channels last; of some of them when a group is given. */
  kernel(group?: FilterGroup): LazyElements;
  /** `[channels]`; undefined for a layer that has none. */
  readonly bias: Float32Array | undefined;
}

/** Draw a layer's constants and fold in the batch normalisation that its node swallows. */
export function layerWeights(writer: OpWriter): LayerWeights {
  const { kernel, bias } = writer.draw();
  const { batchNorm } = writer.fused;
  if (batchNorm === undefined) return { kernel: (group) => elements(kernel!, undefined, group), bias: bias?.data };
  const { scale, shift } = batchNormAffine(batchNorm, writer.draw(batchNorm));
  return {
    kernel: (group) => elements(kernel!, scale, group),
    bias: Float32Array.from(shift, (value, channel) => (bias?.data[channel] ?? 0) * scale[channel]! + value),
  };
}

function elements(
  kernel: DrawnTensor,
  scale: Float64Array | undefined,
  { index, count }: FilterGroup = { index: 0, count: 1 },
): LazyElements {
  return {
    write(target) {
      const { data } = kernel;
      if (scale === undefined && count === 1) {
        target.set(data);
        return;
      }
      const channels = kernel.shape.at(-1)!;
      const first = (index * channels) / count;
      const width = channels / count;
      for (let from = first, to = 0; to < target.length; from += channels, to += width) {
        for (let channel = 0; channel < width; channel++) target[to + channel] = data[from + channel]! * (scale?.[first + channel] ?? 1);
      }
    },
  };
}
