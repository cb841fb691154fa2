import type { Graph } from '@nnm/core';
/** MobileNet v2 (width 1) as torchvision has it. */
export declare function mobilenetV2(name: string, batchSize: number, inputSize: number): Graph;
//# sourceMappingURL=mobilenet-v2.d.ts.map
