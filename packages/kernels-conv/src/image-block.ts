import { BaseBlock, type Shape } from '@nnm/core';
import type { ConvConfig } from './config.ts';

/** What the blocks of convolutions share: a square image as the first input. */
export abstract class ImageConvBlock extends BaseBlock<ConvConfig> {
  /** `[HW, HW, CIN]` */
  override get inputShape(): Shape {
    return [this.config.HW, this.config.HW, this.config.CIN];
  }
}
