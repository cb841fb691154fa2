import { copyFeatures, floatBytes, LINE_FLOATS, rowVectors, type ValueId } from '@nnm/core';
import { rowsPrior } from './generated/rows-prior.ts';
import { axis, movementKernel } from './movement-kernel.ts';

const matrices = rowsPrior.rows.map(([, ROWS = 1, CIN = 1]) => ({ ROWS, CIN }));

/** Configuration of `gather`: `TAKEN` of `ROWS` rows of `CIN` elements. */
export type GatherConfig = { readonly ROWS: number; readonly TAKEN: number; readonly CIN: number };

/** A prime, so that rows are taken from all over the table, most of them once. */
const STEP = 7919;

/** `gather`: rows of a table by their indices, as words become vectors. */
export const gather = movementKernel<GatherConfig>({
  type: 'gather',
  description: 'rows of a table by their indices',
  space: { ROWS: axis('rows of the table'), TAKEN: axis('rows that are taken'), CIN: axis('elements of a row') },
  prior: matrices.filter(({ ROWS }) => ROWS <= 65_536).map(({ ROWS, CIN }) => ({ ROWS, TAKEN: Math.ceil(ROWS / 2), CIN })),
  shapesOf: ({ ROWS, CIN }) => [[ROWS, CIN]],
  outputs: ({ TAKEN, CIN }) => TAKEN * CIN,
  write: (g, [x], { ROWS, TAKEN }) => {
    const indices = Array.from({ length: TAKEN }, (_, index) => (index * STEP) % ROWS);
    return [g.gather(x as ValueId, indices, { axis: 1 })];
  },
  inner: 'CIN',
  extra: {
    ...copyFeatures<GatherConfig>(({ TAKEN, CIN }) => ({ rows: TAKEN, elements: CIN })),
    OUTPUT_BYTES: ({ TAKEN, CIN }) => floatBytes(TAKEN * CIN),
    INPUT_BYTES: ({ ROWS, CIN }) => floatBytes(ROWS * CIN),
  },
});

/** Configuration of `tile`: `[ROWS, CIN]` `REPEATS` times, one below the other. */
export type TileConfig = { readonly ROWS: number; readonly CIN: number; readonly REPEATS: number };

/** `tile`: a matrix repeated, as a query is for every key. */
export const tile = movementKernel<TileConfig>({
  type: 'tile',
  description: 'a matrix repeated along its rows',
  space: {
    ROWS: axis('rows', 1_048_576),
    CIN: axis('elements of a row'),
    REPEATS: { min: 2, max: 64, values: [2, 3, 4, 8], description: 'times' },
  },
  prior: matrices.map((matrix, index) => ({ ...matrix, REPEATS: [2, 3, 4, 8][index % 4] as number })),
  channelKeys: ['ROWS', 'CIN'],
  shapesOf: ({ ROWS, CIN }) => [[ROWS, CIN]],
  outputs: ({ ROWS, CIN, REPEATS }) => ROWS * CIN * REPEATS,
  write: (g, [x], { REPEATS }) => [g.tile(x as ValueId, [1, REPEATS, 1])],
  inner: 'CIN',
  extra: {
    // The rows are copied one by one, then all of them at once.
    COPIES: ({ ROWS, REPEATS }) => ROWS + REPEATS - 1,
    OUTPUT_BYTES: ({ ROWS, CIN, REPEATS }) => floatBytes(ROWS * CIN * REPEATS),
    LINES: ({ ROWS, CIN, REPEATS }) => rowVectors(REPEATS, ROWS * CIN, LINE_FLOATS),
    INPUT_BYTES: ({ ROWS, CIN }) => floatBytes(ROWS * CIN),
  },
});

/** Configuration of `pack` and `unpack`: `PARTS` matrices `[ROWS, CIN]`. */
export type PackConfig = { readonly PARTS: number; readonly ROWS: number; readonly CIN: number };

const packSpace = {
  PARTS: { min: 2, max: 32, values: [2, 3, 4, 8], description: 'matrices' },
  ROWS: axis('rows of each', 1_048_576),
  CIN: axis('elements of a row'),
};
const packs = matrices.map(({ ROWS, CIN }, index) => ({ PARTS: [2, 3, 4, 8][index % 4] as number, ROWS: Math.ceil(ROWS / 2), CIN }));
const packed = ({ PARTS, ROWS, CIN }: PackConfig): number => PARTS * ROWS * CIN;

/** `pack`: matrices along a new axis. */
export const pack = movementKernel<PackConfig>({
  type: 'pack',
  description: 'matrices joined along a new axis',
  space: packSpace,
  prior: packs,
  channelKeys: ['ROWS', 'CIN'],
  shapesOf: ({ PARTS, ROWS, CIN }) => Array.from({ length: PARTS }, () => [ROWS, CIN]),
  outputs: packed,
  write: (g, inputs) => [g.pack(inputs, { axis: 1 })],
  inner: 'CIN',
});

/** `unpack`: the way back of `pack`, as queries, keys and values come out of one product. */
export const unpack = movementKernel<PackConfig>({
  type: 'unpack',
  description: 'matrices taken apart along an axis, which goes',
  space: packSpace,
  prior: packs,
  channelKeys: ['ROWS', 'CIN'],
  shapesOf: ({ PARTS, ROWS, CIN }) => [[PARTS, ROWS, CIN]],
  outputs: packed,
  write: (g, [x], { PARTS }) => g.unpack(x as ValueId, PARTS, { axis: 1 }),
  inner: 'CIN',
});
