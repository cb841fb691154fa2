import type { Graph } from '@nnm/core';
/** MnasNet (the B1 variant, without squeeze and excitation) as torchvision has it. */
export declare function mnasnet(name: string, batchSize: number, inputSize: number, width: number): Graph;
//# sourceMappingURL=mnasnet.d.ts.map
