import { flag } from '../../graph-model/graph-def.ts';
import type { Lowering } from '../lowering.ts';

export const resize: Lowering<'resize'> = {
  op: 'resize',
  support: { runs: 'native', note: 'ResizeBilinear, ResizeNearestNeighbor' },
  lower(writer, { size, method, coordinates }) {
    writer.last(method === 'nearest' ? 'ResizeNearestNeighbor' : 'ResizeBilinear', [writer.x, writer.list(size)], {
      align_corners: flag(coordinates === 'aligned-corners'),
      half_pixel_centers: flag(coordinates === 'half-pixel'),
    });
  },
};
