import type { ConfigRange } from '../kernel/index.ts';
import type { Rng } from '../random/index.ts';
import { snapToRange } from './snap.ts';

/** A jittered channel count lies within these shares of the known layer's. */
const JITTER = { min: 0.6, max: 1.4 } as const;
/** Channel counts up to this are images (or absent inputs) rather than features and stay as they are. */
const IMAGE_CHANNELS = 4;
/** Most published channel counts are multiples of this, and runtimes compute in tiles of it: half of the draws are, too. */
const CHANNEL_TILE = 8;

/** A channel count like that of a known layer: within ±40 %, half of them multiples of 8; 4 and fewer stay as they are. */
export function jitterChannels(channels: number, range: ConfigRange, rng: Rng): number {
  const factor = JITTER.min + (JITTER.max - JITTER.min) * rng.float();
  const tiled = rng.float() < 0.5;
  if (channels <= IMAGE_CHANNELS) return snapToRange(range, channels);
  const value = channels * factor;
  return snapToRange(range, tiled && value >= CHANNEL_TILE ? Math.round(value / CHANNEL_TILE) * CHANNEL_TILE : value);
}

/** Half as many channels, for a layer above the cost limits; 4 and fewer stay as they are. */
export function halveChannels(channels: number, range: ConfigRange): number {
  return channels <= IMAGE_CHANNELS ? channels : snapToRange(range, Math.floor(channels / 2));
}
