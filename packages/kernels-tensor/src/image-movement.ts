import { copyFeatures, floatBytes, LINE_FLOATS, MAX_SIDE, type ValueId } from '@nnm/core';
import { axis, images, movementKernel } from './movement-kernel.ts';

/** Configuration of the kernels between pixels and channels: `[HW, HW, CIN * BLOCK^2]` and `[HW * BLOCK, HW * BLOCK, CIN]`. */
export type BlocksConfig = { readonly HW: number; readonly CIN: number; readonly BLOCK: number };

const blocksSpace = {
  HW: axis('height and width of the smaller image, pixels', 512),
  CIN: axis('channels of the larger image', 4096),
  BLOCK: { min: 2, max: 8, values: [2, 3, 4], description: 'height and width of a block, pixels' },
};
const blocks = images
  .filter(({ HW }) => HW <= 512)
  .map(({ HW, CIN }, index) => ({ HW, CIN: Math.min(4096, Math.ceil(CIN / 4)), BLOCK: [2, 2, 3, 4][index % 4] as number }));
const deep = ({ HW, CIN, BLOCK }: BlocksConfig) => [[HW, HW, CIN * BLOCK * BLOCK]];
const wide = ({ HW, CIN, BLOCK }: BlocksConfig) => [[HW * BLOCK, HW * BLOCK, CIN]];
const blockElements = ({ HW, CIN, BLOCK }: BlocksConfig): number => HW * HW * CIN * BLOCK * BLOCK;
/** Pieces that are copied as one: a row of a block. */
const copies = ({ HW, BLOCK }: BlocksConfig): number => HW * HW * BLOCK;
const blockRows = {
  ...copyFeatures<BlocksConfig>((config) => ({ rows: copies(config), elements: config.CIN * config.BLOCK })),
  RUN: ({ CIN, BLOCK }: BlocksConfig) => CIN * BLOCK,
};

/** `depth-to-space`: channels become pixels, as super-resolution ends. */
export const depthToSpace = movementKernel<BlocksConfig>({
  type: 'depth-to-space',
  description: 'channels spread over blocks of pixels',
  space: blocksSpace,
  prior: blocks,
  channelKeys: ['CIN'],
  growth: { HW: 2 },
  shapesOf: deep,
  outputs: blockElements,
  write: (g, [x], { BLOCK }) => [g.depthToSpace(x as ValueId, BLOCK)],
  inner: 'CIN',
  extra: blockRows,
});

/** `space-to-depth`: the way back, as detectors begin. */
export const spaceToDepth = movementKernel<BlocksConfig>({
  type: 'space-to-depth',
  description: 'blocks of pixels put into channels',
  space: blocksSpace,
  prior: blocks,
  channelKeys: ['CIN'],
  growth: { HW: 2 },
  shapesOf: wide,
  outputs: blockElements,
  write: (g, [x], { BLOCK }) => [g.spaceToDepth(x as ValueId, BLOCK)],
  inner: 'CIN',
  extra: blockRows,
});

/** Configuration of `strided-slice`: every `STRIDE`-th pixel of every `STRIDE`-th row of `[HW, HW, CIN]`. */
export type StridedSliceConfig = { readonly HW: number; readonly CIN: number; readonly STRIDE: number };

const keptPixels = ({ HW, STRIDE }: StridedSliceConfig): number => Math.ceil(HW / STRIDE) * Math.ceil(HW / STRIDE);

/** `strided-slice`: every second pixel of an image, as patches are merged. */
export const stridedSlice = movementKernel<StridedSliceConfig>({
  type: 'strided-slice',
  description: 'every so many pixels of an image, in both directions',
  space: {
    HW: axis('height and width of the input, pixels', MAX_SIDE),
    CIN: axis('channels'),
    STRIDE: { min: 2, max: 8, values: [2, 4], description: 'distance of the pixels that are kept' },
  },
  prior: images.map((image) => ({ ...image, STRIDE: 2 })),
  channelKeys: ['CIN'],
  growth: { HW: 2 },
  shapesOf: ({ HW, CIN }) => [[HW, HW, CIN]],
  outputs: (config) => keptPixels(config) * config.CIN,
  write: (g, [x], { HW, CIN, STRIDE }, batchSize) => [
    g.stridedSlice(x as ValueId, [0, 0, 0, 0], [batchSize, HW, HW, CIN], [1, STRIDE, STRIDE, 1]),
  ],
  inner: 'CIN',
  extra: {
    ...copyFeatures<StridedSliceConfig>((config) => ({ rows: keptPixels(config), elements: config.CIN })),
    OUTPUT_BYTES: (config) => floatBytes(keptPixels(config) * config.CIN),
    STEP_MOD_16: ({ CIN, STRIDE }) => (CIN * STRIDE) % LINE_FLOATS,
  },
});
