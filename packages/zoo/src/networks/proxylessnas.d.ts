import type { Graph } from '@nnm/core';
/** ProxylessNAS (mobile) as its authors' PyTorch code has it. */
export declare function proxylessnasMobile(name: string, batchSize: number, inputSize: number): Graph;
//# sourceMappingURL=proxylessnas.d.ts.map
