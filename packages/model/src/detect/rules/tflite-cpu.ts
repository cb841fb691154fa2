import type { FusionRules } from '../fusion-rules.ts';

const RELU = [{ function: ['relu', 'relu6'] }] as const;
const CONVOLUTIONS = ['conv2d', 'depthwiseConv2d'] as const;

/**
 * TensorFlow Lite with XNNPACK: padding before a convolution and ReLU or ReLU6 behind one go into it; sums with other values, PReLU and
 * hard swish do not. Batch normalisation is in the weights since the file was written. A transposed convolution takes a ReLU in as well, although
 * the file has it as an op of its own: timed in turn the two cost what the convolution costs alone (0.131 against 0.135 ms, ReLU 0.082 ms, of `[1, 56, 56, 8]` by a
 * window of 2 with a step of 2). Where its step is larger than its window, or a slice follows for explicit padding, XNNPACK does not have it.
 */
export const TFLITE_CPU_RULES: FusionRules = {
  schemaVersion: 1,
  backend: 'tflite_cpu',
  runtime: 'TensorFlow Lite',
  versions: { from: '2.9' },
  layout: 'nhwc',
  foldsBatchNorm: true,
  freePadding: [...CONVOLUTIONS],
  padsFirst: ['maxPool', 'avgPool'],
  freeBias: [...CONVOLUTIONS, 'dense', 'transposedConv2d'],
  chains: [
    {
      name: 'padding and convolution',
      steps: [
        { ops: ['pad'], where: [{ mode: ['constant'], value: [0], spatial: [true] }] },
        { ops: [...CONVOLUTIONS], where: [{ padded: [false] }] },
        { ops: ['batchNorm'], optional: true },
        { ops: ['activation'], where: [...RELU], optional: true },
      ],
    },
    {
      name: 'convolution',
      steps: [
        { ops: [...CONVOLUTIONS] },
        { ops: ['batchNorm'], optional: true },
        { ops: ['activation'], where: [...RELU], optional: true },
      ],
    },
    {
      name: 'dense',
      steps: [{ ops: ['dense'] }, { ops: ['batchNorm'], optional: true }, { ops: ['activation'], where: [...RELU], optional: true }],
    },
    {
      name: 'binary',
      steps: [
        { ops: ['add', 'sub', 'mul', 'div'], others: 'value' },
        { ops: ['activation'], where: [...RELU], optional: true },
      ],
    },
    {
      name: 'pooling',
      steps: [{ ops: ['maxPool', 'avgPool', 'batchNorm'] }, { ops: ['activation'], where: [...RELU], optional: true }],
    },
    {
      name: 'delegated transposed convolution',
      steps: [
        { ops: ['transposedConv2d'], where: [{ gaps: [false], padding: ['same', 'valid'] }] },
        { ops: ['batchNorm'], optional: true },
        { ops: ['activation'], where: [...RELU], optional: true },
      ],
    },
    { name: 'transposed convolution', steps: [{ ops: ['transposedConv2d'] }, { ops: ['batchNorm'], optional: true }] },
  ],
};

/**
 * LiteRT.js is TensorFlow Lite with a newer XNNPACK in WebAssembly, and is given the same files. That XNNPACK does not take a ReLU into a sum
 * or product: `add` 0.036 ms, ReLU 0.084 ms, both 0.115 ms of `[1, 56, 56, 64]` (2.5.3), and so with a batch normalisation that is written out as both.
 */
export const LITERT_WASM_RULES: FusionRules = {
  ...TFLITE_CPU_RULES,
  backend: 'litert_wasm',
  runtime: 'LiteRT.js',
  versions: { from: '2.5' },
  chains: TFLITE_CPU_RULES.chains.flatMap(({ name, steps: [first, ...others] }) => {
    if (name === 'binary' || first === undefined) return [];
    const ops = first.ops.filter((op) => op !== 'batchNorm');
    return [{ name, steps: [{ ...first, ops }, ...others] }];
  }),
};
