import type { Graph } from '@nnm/core';

/** Squeeze filters of the fire modules, a pooling before each group but none within; expand filters are 4 times as many each way. */
declare const GROUPS: {
  readonly '1.0': {
    readonly stem: {
      readonly filters: 96;
      readonly kernelSize: 7;
    };
    readonly fires: readonly [readonly [16, 16, 32], readonly [32, 48, 48, 64], readonly [64]];
  };
  readonly '1.1': {
    readonly stem: {
      readonly filters: 64;
      readonly kernelSize: 3;
    };
    readonly fires: readonly [readonly [16, 16], readonly [32, 32], readonly [48, 48, 64, 64]];
  };
};
/** SqueezeNet as torchvision has it. */
export declare function squeezenet(name: string, batchSize: number, inputSize: number, version: keyof typeof GROUPS): Graph;
//# sourceMappingURL=squeezenet.d.ts.map
