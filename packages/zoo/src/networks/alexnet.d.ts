import type { Graph } from '@nnm/core';
/** AlexNet as torchvision has it ("one weird trick": 64 to 256 filters, no groups, no local response normalisation). */
export declare function alexnet(name: string, batchSize: number, inputSize: number): Graph;
//# sourceMappingURL=alexnet.d.ts.map
