import type { Graph } from '@nnm/core';
import { SequenceBuilder } from '../sequence-builder.ts';

const CHANNELS = 384;
const MEL_BANDS = 80;

/**
 * The encoder of Whisper tiny: two convolutions over time, written as images of height 1, then a transformer. Its positions are
 * sinusoids that are never trained, and are counted among its parameters as published.
 *
 * @param frames - of the spectrogram; half a minute has 3000
 */
export function whisperEncoder(name: string, batchSize: number, frames: number): Graph {
  const b = new SequenceBuilder(name, batchSize, 1e-5);
  const { g } = b;
  const sides = { top: 0, bottom: 0, left: 1, right: 1 };
  const sound = g.input([batchSize, 1, frames, MEL_BANDS]);
  const first = g.gelu(g.conv2d(sound, CHANNELS, { kernelSize: [1, 3], padding: sides }));
  const second = g.gelu(g.conv2d(first, CHANNELS, { kernelSize: [1, 3], strides: [1, 2], padding: sides }));
  const length = Math.floor((frames - 1) / 2) + 1;
  const x = b.addPositions({ id: g.reshape(second, [batchSize, length, CHANNELS]), length, channels: CHANNELS });
  const y = b.layers(x, 4, { heads: 6, hidden: 4 * CHANNELS, norm: 'before', activation: 'gelu', keyBias: false });
  return b.build(b.normalise(y).id);
}
