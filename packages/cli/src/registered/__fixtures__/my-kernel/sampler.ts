import { HW_VALUES, PriorSampler } from '@nnm/core';
import type { MyConfig } from './block.ts';

export class MySampler extends PriorSampler<MyConfig> {
  constructor() {
    super({
      space: { HW: { min: 1, max: 224, values: HW_VALUES }, CIN: { min: 1, max: 1024 } },
      prior: [
        { HW: 56, CIN: 24 },
        { HW: 28, CIN: 64 },
        { HW: 7, CIN: 320 },
      ],
      channelKeys: ['CIN'],
    });
  }
}
