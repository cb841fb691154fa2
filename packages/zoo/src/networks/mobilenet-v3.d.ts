import type { Graph } from '@nnm/core';

type Block = readonly [kernelSize: number, expanded: number, filters: number, withSqueeze: boolean, fn: 'relu' | 'hswish', strides: number];
/** Blocks as in tables 1 and 2 of the paper, filters of the last convolution and of the hidden layer of the classifier. */
declare const VARIANTS: Readonly<
  Record<
    'large' | 'small',
    {
      blocks: readonly Block[];
      last: number;
      hidden: number;
    }
  >
>;
/** MobileNet v3 (width 1) as torchvision has it. */
export declare function mobilenetV3(name: string, batchSize: number, inputSize: number, variant: keyof typeof VARIANTS): Graph;
//# sourceMappingURL=mobilenet-v3.d.ts.map
