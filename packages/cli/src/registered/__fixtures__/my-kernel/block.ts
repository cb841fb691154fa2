import { BaseBlock, GraphBuilder, type Shape } from '@nnm/core';

export type MyConfig = { readonly HW: number; readonly CIN: number };

/** A sigmoid gate: `x * sigmoid(conv1x1(x))`. */
export class MyBlock extends BaseBlock<MyConfig> {
  override get inputShape(): Shape {
    return [this.config.HW, this.config.HW, this.config.CIN];
  }

  override getModel() {
    const g = new GraphBuilder('my-kernel');
    const x = g.input([this.batchSize, ...this.inputShape]);
    return g.build(g.mul(x, g.activation(g.conv2d(x, this.config.CIN, { kernelSize: 1 }), 'sigmoid')));
  }
}
