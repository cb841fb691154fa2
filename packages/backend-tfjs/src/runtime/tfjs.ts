import type { GraphModel, loadGraphModelSync } from '@tensorflow/tfjs-converter';
import type * as tfjsCore from '@tensorflow/tfjs-core';

/** What nnm calls of TensorFlow.js: from its packages, or from tfjs-node, which brings its own. */
export interface Tfjs
  extends Pick<typeof tfjsCore, 'add' | 'getBackend' | 'reshape' | 'setBackend' | 'slice' | 'tensor' | 'tidy' | 'time'> {
  readonly io: Pick<typeof tfjsCore.io, 'fromMemorySync'>;
  readonly loadGraphModelSync: typeof loadGraphModelSync;
}

export type TfjsTensor = tfjsCore.Tensor;
export type TfjsGraphModel = GraphModel<tfjsCore.io.IOHandlerSync>;
