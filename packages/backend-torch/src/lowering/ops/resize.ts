import type { ResizeCoordinates } from '@nnm/core';
import { Chain } from '../chain.ts';
import { imageOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

const COORDINATES: Readonly<Record<ResizeCoordinates, string>> = {
  'half-pixel': 'half_pixel',
  'aligned-corners': 'align_corners',
  asymmetric: 'asymmetric',
};

export const resize: Lowering<'resize'> = {
  op: 'resize',
  layout: 'first',
  support: { runs: 'native', note: 'Resize' },
  lower(op, context) {
    const chain = new Chain(context, op);
    const [n, , , c] = imageOf(context, op);
    const nearest = op.method === 'nearest';
    chain.last('Resize', [chain.input(), '', '', chain.integers('sizes', [n, c, ...op.size])], {
      mode: nearest ? 'nearest' : 'linear',
      coordinate_transformation_mode: COORDINATES[op.coordinates],
      ...(nearest && { nearest_mode: op.coordinates === 'asymmetric' ? 'floor' : 'round_prefer_ceil' }),
    });
  },
};
