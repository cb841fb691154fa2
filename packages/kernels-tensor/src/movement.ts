import { copyFeatures, type Feature, floatBytes, type KernelConfig, LINE_FLOATS, MAX_SIDE, type ValueId } from '@nnm/core';
import { rowsPrior } from './generated/rows-prior.ts';
import { transposePrior } from './generated/transpose-prior.ts';
import { axis, images, movementKernel } from './movement-kernel.ts';

/** A transposition: axes of `rows` and `columns` elements that change places, others before and behind. */
interface Moved {
  readonly outer: number;
  readonly rows: number;
  readonly columns: number;
  /** Elements behind the two axes, which stay together. */
  readonly together: number;
}

/**
 * Features of a transposition. Where an axis of one element changes places, all is one piece, and nothing is put elsewhere. ONNX Runtime copies
 * piece by piece, TensorFlow Lite element by element.
 */
function movedFeatures<C extends KernelConfig>(movedOf: (config: C) => Moved): Readonly<Record<string, Feature<C>>> {
  const piecesOf = ({ outer, rows, columns }: Moved): number => (rows === 1 || columns === 1 ? 1 : outer * rows * columns);
  const elementsOf = ({ outer, rows, columns, together }: Moved): number => outer * rows * columns * together;
  const runOf = (moved: Moved): number => elementsOf(moved) / piecesOf(moved);
  return {
    ...copyFeatures<C>((config) => ({ rows: piecesOf(movedOf(config)), elements: runOf(movedOf(config)) })),
    RUN: (config) => runOf(movedOf(config)),
    COPIED_BYTES: (config) => (piecesOf(movedOf(config)) > 1 ? floatBytes(elementsOf(movedOf(config))) : 0),
  };
}

/** Configuration of `transpose`: `[ROWS, COLUMNS, CIN]` to `[COLUMNS, ROWS, CIN]`. */
export type TransposeConfig = { readonly ROWS: number; readonly COLUMNS: number; readonly CIN: number };

/** `transpose`: two axes change places, as the heads and words of attention do; CIN 1 is a matrix. */
export const transpose = movementKernel<TransposeConfig>({
  type: 'transpose',
  description: 'two axes change places; the last, CIN, stays',
  space: { ROWS: axis('rows of the input'), COLUMNS: axis('columns of the input'), CIN: axis('elements that stay together') },
  prior: transposePrior,
  shapesOf: ({ ROWS, COLUMNS, CIN }) => [[ROWS, COLUMNS, CIN]],
  outputs: ({ ROWS, COLUMNS, CIN }) => ROWS * COLUMNS * CIN,
  write: (g, [x]) => [g.transpose(x as ValueId, [0, 2, 1, 3])],
  inner: 'CIN',
  extra: movedFeatures(({ ROWS, COLUMNS, CIN }) => ({ outer: 1, rows: ROWS, columns: COLUMNS, together: CIN })),
});

/** Configuration of `transpose-windows`: `[OUTER, ROWS, COLUMNS, SIDE, CIN]` to `[OUTER, COLUMNS, ROWS, SIDE, CIN]`. */
export type TransposeWindowsConfig = {
  readonly OUTER: number;
  readonly ROWS: number;
  readonly COLUMNS: number;
  readonly SIDE: number;
  readonly CIN: number;
};

/** Windows of Swin transformers and what they are put together from, heads of their attention, patches of MobileViT. */
const windows: readonly TransposeWindowsConfig[] = [
  ...[8, 4, 2, 1].flatMap((count, stage) =>
    [96, 128, 192].flatMap((channels) => [
      { OUTER: count, ROWS: 7, COLUMNS: count, SIDE: 7, CIN: channels << stage },
      { OUTER: count, ROWS: count, COLUMNS: 7, SIDE: 7, CIN: channels << stage },
      { OUTER: count * count, ROWS: 3 << stage, COLUMNS: 49, SIDE: 1, CIN: 32 },
    ]),
  ),
  ...[16, 8, 4].flatMap((half, stage) =>
    [64, 96, 144].flatMap((channels) => [
      { OUTER: half, ROWS: 2, COLUMNS: half, SIDE: 2, CIN: channels << stage },
      { OUTER: 2, ROWS: half * half, COLUMNS: 2, SIDE: 1, CIN: channels },
      { OUTER: 2, ROWS: 2, COLUMNS: half * half, SIDE: 1, CIN: channels },
      { OUTER: 4, ROWS: 4, COLUMNS: half * half, SIDE: 1, CIN: channels / 4 },
    ]),
  ),
];

/** `transpose-windows`: two axes change places, others lie before and behind them, as windows of an image are cut out. */
export const transposeWindows = movementKernel<TransposeWindowsConfig>({
  type: 'transpose-windows',
  description: 'two axes change places, with axes before and behind them',
  space: {
    OUTER: axis('elements of the axis before'),
    ROWS: axis('size of the first axis that moves'),
    COLUMNS: axis('size of the second axis that moves'),
    SIDE: axis('size of the axis behind'),
    CIN: axis('elements of the last axis'),
  },
  prior: windows,
  // The batch is part of the axis before.
  shapesOf: ({ ROWS, COLUMNS, SIDE, CIN }) => [[ROWS, COLUMNS, SIDE, CIN]],
  copies: ({ OUTER }) => OUTER,
  outputs: ({ OUTER, ROWS, COLUMNS, SIDE, CIN }) => OUTER * ROWS * COLUMNS * SIDE * CIN,
  write: (g, [x]) => [g.transpose(x as ValueId, [0, 2, 1, 3, 4])],
  inner: 'CIN',
  extra: {
    ...movedFeatures(({ OUTER, ROWS, COLUMNS, SIDE, CIN }) => ({ outer: OUTER, rows: ROWS, columns: COLUMNS, together: SIDE * CIN })),
    // More axes than TensorFlow Lite has loops for, beside those of one element: it finds the place of every element by itself.
    ALONE_FLOPS: ({ OUTER, ROWS, COLUMNS, SIDE, CIN }) =>
      Math.min(OUTER, ROWS, COLUMNS, SIDE, CIN) > 1 ? OUTER * ROWS * COLUMNS * SIDE * CIN : 0,
  },
});

/** Configuration of `slice`: the first `KEPT` of every row's `KEPT + DROPPED` elements. */
export type SliceConfig = { readonly ROWS: number; readonly KEPT: number; readonly DROPPED: number };

const halves = rowsPrior.rows.map(([, ROWS = 1, CIN = 2]) => ({ ROWS, KEPT: Math.ceil(CIN / 2), DROPPED: Math.ceil(CIN / 2) }));

/** `slice`: the first elements of every row. */
export const slice = movementKernel<SliceConfig>({
  type: 'slice',
  description: 'the first elements of every row',
  space: { ROWS: axis('rows', 1_048_576), KEPT: axis('elements of a row that are kept'), DROPPED: axis('elements that are not') },
  prior: halves,
  shapesOf: ({ ROWS, KEPT, DROPPED }) => [[ROWS, KEPT + DROPPED]],
  outputs: ({ ROWS, KEPT }) => ROWS * KEPT,
  write: (g, [x], { ROWS, KEPT }, batchSize) => [g.slice(x as ValueId, [0, 0, 0], [batchSize, ROWS, KEPT])],
  inner: 'KEPT',
  extra: {
    ...copyFeatures<SliceConfig>(({ ROWS, KEPT }) => ({ rows: ROWS, elements: KEPT })),
    OUTPUT_BYTES: ({ ROWS, KEPT }) => floatBytes(ROWS * KEPT),
    // Where in a line of the cache the rows begin that are read.
    ROW_MOD_16: ({ KEPT, DROPPED }) => (KEPT + DROPPED) % LINE_FLOATS,
  },
});

/** Configuration of `pad`: `PADDING` pixels of zeros around `[HEIGHT, WIDTH, CIN]`. */
export type PadConfig = { readonly HEIGHT: number; readonly WIDTH: number; readonly CIN: number; readonly PADDING: number };

const padded = images.map(({ HW, CIN }, index) => ({ HEIGHT: HW, WIDTH: HW, CIN, PADDING: 1 + (index % 3) }));

/** `pad`: zeros around an image. */
export const pad = movementKernel<PadConfig>({
  type: 'pad',
  description: 'zeros around an image',
  space: {
    HEIGHT: axis('height of the input, pixels', MAX_SIDE),
    WIDTH: axis('width of the input, pixels', MAX_SIDE),
    CIN: axis('channels'),
    PADDING: { min: 1, max: 64, values: [1, 2, 3], description: 'pixels on every side' },
  },
  prior: padded,
  channelKeys: ['HEIGHT', 'WIDTH', 'CIN'],
  growth: { HEIGHT: 2, WIDTH: 2 },
  shapesOf: ({ HEIGHT, WIDTH, CIN }) => [[HEIGHT, WIDTH, CIN]],
  outputs: ({ HEIGHT, WIDTH, CIN, PADDING }) => (HEIGHT + 2 * PADDING) * (WIDTH + 2 * PADDING) * CIN,
  write: (g, [x], { PADDING: p }) => [
    g.pad(x as ValueId, [
      [0, 0],
      [p, p],
      [p, p],
      [0, 0],
    ]),
  ],
  inner: 'CIN',
  extra: {
    COPIES: ({ HEIGHT, PADDING }) => HEIGHT + 2 * PADDING,
    // Where every channel is a plane of its own.
    PLANE_ROWS: ({ HEIGHT, CIN, PADDING }) => CIN * (HEIGHT + 2 * PADDING),
  },
});

/** Configuration of `pad-channels`: `ADDED` channels of zeros behind the `CIN` of `[HW, HW]` pixels. */
export type PadChannelsConfig = { readonly HW: number; readonly CIN: number; readonly ADDED: number };

const widened = images.map(({ HW, CIN }, index) => ({ HW, CIN, ADDED: Math.ceil(CIN / (1 + (index % 4))) }));

/** `pad-channels`: further channels of zeros, as residual additions of unequal channels need them. */
export const padChannels = movementKernel<PadChannelsConfig>({
  type: 'pad-channels',
  description: 'further channels of zeros behind those of an image',
  space: { HW: axis('side of the image, pixels', MAX_SIDE), CIN: axis('channels'), ADDED: axis('channels of zeros') },
  prior: widened,
  channelKeys: ['CIN', 'ADDED'],
  growth: { HW: 2 },
  shapesOf: ({ HW, CIN }) => [[HW, HW, CIN]],
  outputs: ({ HW, CIN, ADDED }) => HW * HW * (CIN + ADDED),
  write: (g, [x], { ADDED }) => [
    g.pad(x as ValueId, [
      [0, 0],
      [0, 0],
      [0, 0],
      [0, ADDED],
    ]),
  ],
  inner: 'CIN',
  extra: copyFeatures<PadChannelsConfig>(({ HW, CIN, ADDED }) => ({ rows: HW * HW, elements: CIN + ADDED })),
});

/** Configuration of `concat-rows` and `split-rows`: `ROWS1` and `ROWS2` rows of `CIN` elements. */
export type JoinConfig = { readonly ROWS1: number; readonly ROWS2: number; readonly CIN: number };

const joinSpace = {
  ROWS1: axis('rows of the first part', 1_048_576),
  ROWS2: axis('rows of the second part', 1_048_576),
  CIN: axis('elements of a row'),
};
const joins = rowsPrior.rows.map(([, ROWS = 1, CIN = 1]) => ({ ROWS1: Math.ceil(ROWS / 2), ROWS2: Math.ceil(ROWS / 2), CIN }));
const joined = ({ ROWS1, ROWS2, CIN }: JoinConfig): number => (ROWS1 + ROWS2) * CIN;

/** `concat-rows`: two inputs one after the other, along another axis than the last. */
export const concatRows = movementKernel<JoinConfig>({
  type: 'concat-rows',
  description: 'two inputs joined along another axis than the last',
  space: joinSpace,
  prior: joins,
  shapesOf: ({ ROWS1, ROWS2, CIN }) => [
    [ROWS1, CIN],
    [ROWS2, CIN],
  ],
  outputs: joined,
  write: (g, inputs) => [g.concat(inputs, { axis: 1 })],
  inner: 'CIN',
});

/** `split-rows`: the way back of `concat-rows`. */
export const splitRows = movementKernel<JoinConfig>({
  type: 'split-rows',
  description: 'an input cut in two along another axis than the last',
  space: joinSpace,
  prior: joins,
  shapesOf: ({ ROWS1, ROWS2, CIN }) => [[ROWS1 + ROWS2, CIN]],
  outputs: joined,
  write: (g, [x], { ROWS1, ROWS2 }) => g.split(x as ValueId, [ROWS1, ROWS2], { axis: 1 }),
  inner: 'CIN',
});
