import type { Graph } from '@nnm/core';
/** DenseNet-121 as torchvision has it: every layer's 32 channels are joined to all before them; joins are written in pairs. */
export declare function densenet121(name: string, batchSize: number, inputSize: number): Graph;
//# sourceMappingURL=densenet.d.ts.map
