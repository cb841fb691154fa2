import type { Graph } from '@nnm/core';
/** MobileNet v1 as Keras has it. */
export declare function mobilenetV1(name: string, batchSize: number, inputSize: number, width: number): Graph;
//# sourceMappingURL=mobilenet-v1.d.ts.map
