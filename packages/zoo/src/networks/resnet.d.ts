import type { Graph } from '@nnm/core';
import { type FeatureMap, NetworkBuilder } from '../network-builder.ts';

type Residual = (b: NetworkBuilder, x: FeatureMap, width: number, strides: number) => FeatureMap;
/** Two 3x3 convolutions, of ResNet-18 and 34. */
export declare const basicBlock: Residual;
/** 1x1, 3x3, 1x1 convolutions, of ResNet-50; the stride is in the 3x3 ("v1.5"), as in torchvision. */
export declare const bottleneck: Residual;
/**
 * ResNet as torchvision has it.
 *
 * @param repeats - residual blocks per stage
 */
export declare function resnet(name: string, batchSize: number, inputSize: number, repeats: readonly number[], block: Residual): Graph;
//# sourceMappingURL=resnet.d.ts.map
