import { blockWork, ConfigFeatureParser } from '@nnm/core';
import { MyBlock, type MyConfig } from './block.ts';

export class MyParser extends ConfigFeatureParser<MyConfig> {
  constructor(kernelType: string) {
    super({ kernelType, keys: ['HW', 'CIN'], work: blockWork(MyBlock) });
  }
}
