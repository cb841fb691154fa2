import { int, text } from '../../graph-model/graph-def.ts';
import type { Lowering } from '../lowering.ts';

export const depthToSpace: Lowering<'depthToSpace'> = {
  op: 'depthToSpace',
  support: { runs: 'native', note: 'DepthToSpace; Identity for blocks of one pixel' },
  lower(writer, { blockSize }) {
    // TensorFlow.js refuses blocks of one pixel.
    if (blockSize === 1) writer.last('Identity', [writer.x]);
    else writer.last('DepthToSpace', [writer.x], { block_size: int(blockSize), data_format: text('NHWC') });
  },
};
