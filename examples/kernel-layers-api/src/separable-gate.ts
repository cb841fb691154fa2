import { blockWork, ConfigFeatureParser, type ConfigSpace, defineKernel, HW_VALUES, PriorSampler } from '@nnm/core';
import { LayersBlock } from '@nnm/model/layers';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-layers';

/** A separable convolution on `[HW, HW, CIN]` whose result is scaled by a gate made of its own mean. */
export type SeparableGateConfig = {
  readonly HW: number;
  readonly CIN: number;
  readonly KERNEL_SIZE: number;
};

/** The range of every key. */
export const separableGateSpace: ConfigSpace<SeparableGateConfig> = {
  HW: { min: 1, max: 224, values: HW_VALUES, description: 'height and width, pixels' },
  CIN: { min: 1, max: 512, description: 'channels of input and output' },
  KERNEL_SIZE: { min: 1, max: 7, values: [3, 5, 7], description: 'window of the depthwise part, pixels' },
};

/** Written with layers, as it would be trained. */
export class SeparableGateBlock extends LayersBlock<SeparableGateConfig> {
  override get inputShape() {
    return [this.config.HW, this.config.HW, this.config.CIN];
  }

  override getModel() {
    const { CIN, KERNEL_SIZE } = this.config;
    // Shapes are all that counts, so nothing is drawn.
    const zeros = { depthwiseInitializer: 'zeros', pointwiseInitializer: 'zeros' } as const;
    const x = tf.input({ shape: [...this.inputShape] });
    let y = tf.layers.separableConv2d({ filters: CIN, kernelSize: KERNEL_SIZE, padding: 'same', useBias: false, ...zeros }).apply(x);
    y = tf.layers.batchNormalization().apply(y);
    y = tf.layers.activation({ activation: 'relu6' }).apply(y) as tf.SymbolicTensor;
    let gate = tf.layers.globalAveragePooling2d({}).apply(y);
    gate = tf.layers.dense({ units: CIN, activation: 'sigmoid', kernelInitializer: 'zeros' }).apply(gate);
    gate = tf.layers.reshape({ targetShape: [1, 1, CIN] }).apply(gate) as tf.SymbolicTensor;
    const outputs = tf.layers.multiply().apply([y, gate]) as tf.SymbolicTensor;
    return tf.model({ inputs: x, outputs });
  }
}

const block = (HW: number, CIN: number, KERNEL_SIZE: number): SeparableGateConfig => ({ HW, CIN, KERNEL_SIZE });

/** Sizes of the blocks of EfficientNet-B0 (Tan and Le 2019, table 1). */
const prior = [
  block(112, 16, 3),
  block(56, 24, 3),
  block(28, 40, 5),
  block(14, 80, 3),
  block(14, 112, 5),
  block(7, 192, 5),
  block(7, 320, 3),
];

/** The kernel in one value. */
export const separableGate = defineKernel({
  type: 'separable-gate',
  description: 'a separable convolution scaled by a gate, written with the layers API of TensorFlow.js',
  configSpace: separableGateSpace,
  block: SeparableGateBlock,
  sampler: new PriorSampler({ space: separableGateSpace, prior, channelKeys: ['CIN'] }),
  features: new ConfigFeatureParser<SeparableGateConfig>({
    kernelType: 'separable-gate',
    keys: ['HW', 'CIN', 'KERNEL_SIZE'],
    work: blockWork(SeparableGateBlock),
  }),
});
