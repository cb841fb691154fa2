import { fnv1a32, InvalidArgumentError } from '@nnm/core';

/** Indices into the list of ids, in its order. */
export interface RecordSplit {
  readonly train: readonly number[];
  readonly validation: readonly number[];
}

/**
 * A number in [0, 1) that belongs to a record for ever: it depends on the id and the salt, not on other records or their order.
 */
export function recordShare(id: string, salt: string): number {
  let hash = fnv1a32(`${salt}\n${id}`);
  // FNV mixes the last characters poorly into the high bits; a finaliser (murmur3's) spreads them.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000;
}

/**
 * Split records by id. A record stays on its side however many others are added later, so grades of different rounds are comparable.
 *
 * The shares are met on average. Among few records the validation side may come out much too small to grade anything; it then gets
 * the records nearest to it until it holds at least half of its share (and one record, as long as there are two).
 *
 * @param share - of the records that go to `validation`, in [0, 1)
 * @param salt - names the split: another salt gives an independent split
 * @throws {@link InvalidArgumentError} when the share is out of range
 */
export function splitByRecordId(ids: readonly string[], share: number, salt = 'validation'): RecordSplit {
  if (!(share >= 0 && share < 1)) throw new InvalidArgumentError({ name: 'share', expected: 'at least 0 and below 1', got: share });
  const places = ids.map((id, index) => ({ index, place: recordShare(id, salt) }));
  const sorted = [...places].sort((a, b) => a.place - b.place || a.index - b.index);
  const below = places.filter(({ place }) => place < share).length;
  const wanted = share === 0 || ids.length < 2 ? 0 : Math.min(Math.max(below, Math.ceil((share * ids.length) / 2)), ids.length - 1);
  const chosen = new Set(sorted.slice(0, wanted).map(({ index }) => index));
  return {
    train: places.filter(({ index }) => !chosen.has(index)).map(({ index }) => index),
    validation: places.filter(({ index }) => chosen.has(index)).map(({ index }) => index),
  };
}

/** The fold, 0 to `folds - 1`, of each record: equally large folds, whatever the order of the records. */
export function foldsByRecordId(ids: readonly string[], folds: number, salt = 'folds'): readonly number[] {
  const order = ids.map((id, index) => ({ index, place: recordShare(id, salt) })).sort((a, b) => a.place - b.place || a.index - b.index);
  const foldOf = new Array<number>(ids.length).fill(0);
  order.forEach(({ index }, rank) => {
    foldOf[index] = rank % folds;
  });
  return foldOf;
}
