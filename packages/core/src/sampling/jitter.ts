import type { ConfigRange } from '../kernel/index.ts';
import type { Rng } from '../random/index.ts';
import { snapToRange } from './snap.ts';

/** Shares of a known layer's channel count between which a jittered one lies. */
export interface Spread {
  readonly min: number;
  readonly max: number;
}

/** The spread around layers that have not been drawn yet. */
export const NARROW_SPREAD: Spread = { min: 0.6, max: 1.4 };
/** The spread around layers that have: networks nobody has seen yet are wider and narrower than the known ones. */
export const WIDE_SPREAD: Spread = { min: 0.3, max: 1.7 };

/** Channel counts up to this are images (or absent inputs) rather than features and stay as they are. */
const IMAGE_CHANNELS = 4;
/** Most published channel counts are multiples of this, and runtimes compute in tiles of it: half of the draws are, too. */
const CHANNEL_TILE = 8;
/** How often one of the other sizes of a layer that has been drawn before moves to a neighbouring value, and how many of these to the one behind it. */
const SHIFT_SHARE = 0.3;
const FAR_SHARE = 1 / 3;

/** A channel count like that of a known layer: within the spread, half of them multiples of 8; 4 and fewer stay as they are. */
export function jitterChannels(channels: number, range: ConfigRange, spread: Spread, rng: Rng): number {
  const factor = spread.min + (spread.max - spread.min) * rng.float();
  const isTiled = rng.float() < 0.5;
  if (channels <= IMAGE_CHANNELS) return snapToRange(range, channels);
  const value = channels * factor;
  return snapToRange(range, isTiled && value >= CHANNEL_TILE ? Math.round(value / CHANNEL_TILE) * CHANNEL_TILE : value);
}

/** Half as many channels, for a layer above the cost limits; 4 and fewer stay as they are. */
export function halveChannels(channels: number, range: ConfigRange): number {
  return channels <= IMAGE_CHANNELS ? channels : snapToRange(range, Math.floor(channels / 2));
}

/**
 * Which of a layer's sizes (image, window, stride) moves by how many values up or down; mostly none.
 *
 * @param keys - keys whose ranges have `values`
 */
export function drawShift<K>(keys: readonly K[], rng: Rng): { readonly key: K; readonly step: number } | undefined {
  const happens = rng.float() < SHIFT_SHARE;
  const direction = rng.float() < 0.5 ? 1 : -1;
  const places = rng.float() < FAR_SHARE ? 2 : 1;
  return happens && keys.length > 0 ? { key: rng.pick(keys), step: direction * places } : undefined;
}

/** The value `step` places after one of `values`; the same one where the list ends. */
export function shiftValue(values: readonly number[], value: number, step: number): number {
  return values[values.indexOf(value) + step] ?? value;
}
