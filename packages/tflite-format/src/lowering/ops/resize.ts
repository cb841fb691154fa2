import { tensorOf } from '../context.ts';
import type { Lowering } from '../lowering.ts';

export const resize: Lowering<'resize'> = {
  op: 'resize',
  support: { runs: 'delegated', note: 'RESIZE_BILINEAR; RESIZE_NEAREST_NEIGHBOR*' },
  nonNegative: 'with its inputs',
  lower(context, { inputs, outputs, size, method, coordinates }) {
    const { model } = context;
    const operands = [tensorOf(context, inputs[0]!), model.integers([2], size)];
    model.operator(
      method === 'nearest' ? 'RESIZE_NEAREST_NEIGHBOR' : 'RESIZE_BILINEAR',
      operands,
      [tensorOf(context, outputs[0]!)],
      {
        type: method === 'nearest' ? 'ResizeNearestNeighborOptions' : 'ResizeBilinearOptions',
        alignCorners: coordinates === 'aligned-corners',
        halfPixelCenters: coordinates === 'half-pixel',
      },
      coordinates === 'half-pixel' ? 3 : 1,
    );
  },
};
