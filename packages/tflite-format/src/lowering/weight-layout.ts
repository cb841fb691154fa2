import type { DrawnTensor } from '@nnm/core';
import type { LazyBytes } from '../flatbuffer/table.ts';

/** The output channels of a layer that one operator computes: part `index` of `count` equal ones. */
export interface FilterGroup {
  readonly index: number;
  readonly count: number;
}

/**
 * A kernel with its output channels first and each of them scaled: `[kh, kw, cin, filters]` as `[filters, kh, kw, cin]`,
 * `[c, units]` as `[units, c]`.
 *
 * @param scale - factor per output channel; absent for 1
 * @param group - the part of the output channels to take; default all
 */
export function weightsByFilter(
  kernel: DrawnTensor,
  scale: Float64Array | undefined,
  { index, count }: FilterGroup = { index: 0, count: 1 },
): LazyBytes {
  const length = kernel.length / count;
  const filters = (kernel.shape.at(-1) as number) / count;
  return {
    length: length * Float32Array.BYTES_PER_ELEMENT,
    write(bytes) {
      const data = new Float32Array(bytes.buffer, bytes.byteOffset, length);
      if (scale === undefined) {
        kernel.copyByFilter(data, index * length);
        return;
      }
      const perFilter = length / filters;
      for (let filter = 0, start = 0; filter < filters; filter++, start += perFilter) {
        const target = data.subarray(start, start + perFilter);
        kernel.copyByFilter(target, index * length + start);
        multiply(target, scale[index * filters + filter] as number);
      }
    },
  };
}

function multiply(data: Float32Array, factor: number): void {
  for (let i = 0; i < data.length; i++) data[i] = (data[i] as number) * factor;
}

/** Scale each channel of `[..., channels]`; returns `data` itself when there is nothing to scale. */
export function scaleChannels(data: Float32Array, scale: Float64Array | undefined): Float32Array {
  if (scale === undefined) return data;
  const channels = scale.length;
  const scaled = new Float32Array(data.length);
  for (let start = 0; start < data.length; start += channels) {
    for (let channel = 0; channel < channels; channel++) scaled[start + channel] = data[start + channel]! * scale[channel]!;
  }
  return scaled;
}
