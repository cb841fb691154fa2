import type { Shape } from '../../graph/index.ts';
import { channelsOf, emptyValue, type Value } from './values.ts';

/** Joins values along channels. */
export function concat(values: readonly Value[], shape: Shape): Value {
  const output = emptyValue(shape);
  const pixels = output.data.length / channelsOf(output);
  for (let pixel = 0; pixel < pixels; pixel++) {
    let offset = pixel * channelsOf(output);
    for (const value of values) {
      const channels = channelsOf(value);
      output.data.set(value.data.subarray(pixel * channels, (pixel + 1) * channels), offset);
      offset += channels;
    }
  }
  return output;
}

/** Cuts a value along channels into equal parts. */
export function split(x: Value, shapes: readonly Shape[]): readonly Value[] {
  const channels = channelsOf(x);
  return shapes.map((shape, part) => {
    const output = emptyValue(shape);
    const size = channelsOf(output);
    for (let i = 0; i < output.data.length; i++) {
      output.data[i] = x.data[Math.floor(i / size) * channels + part * size + (i % size)]!;
    }
    return output;
  });
}

/** Channel `g * (c / groups) + i` moves to `i * groups + g`. */
export function channelShuffle(x: Value, groups: number): Value {
  const output = emptyValue(x.shape);
  const channels = channelsOf(x);
  const perGroup = channels / groups;
  for (let pixel = 0; pixel < x.data.length; pixel += channels) {
    for (let g = 0; g < groups; g++) {
      for (let i = 0; i < perGroup; i++) output.data[pixel + i * groups + g] = x.data[pixel + g * perGroup + i]!;
    }
  }
  return output;
}

/** Mean over height and width. */
export function globalAvgPool(x: Value, shape: Shape): Value {
  const output = emptyValue(shape);
  const [, height, width, channels] = x.shape as readonly [number, number, number, number];
  for (let i = 0; i < x.data.length; i++) {
    const batch = Math.floor(i / (height * width * channels));
    output.data[batch * channels + (i % channels)]! += x.data[i]! / (height * width);
  }
  return output;
}
