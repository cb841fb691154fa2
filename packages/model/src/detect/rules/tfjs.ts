import type { ChainStep, FusionRules } from '../fusion-rules.ts';

/** Activations that `tensorflowjs_converter` writes into the node of a layer with a bias. */
const ACTIVATION: ChainStep = {
  ops: ['activation', 'elu', 'leakyRelu', 'prelu'],
  where: [{ function: ['relu', 'relu6'] }, { op: ['elu'], alpha: [1] }, { op: ['leakyRelu', 'prelu'] }],
};
const CONVOLUTIONS = ['conv2d', 'depthwiseConv2d'] as const;

/**
 * TensorFlow.js runs the nodes of a graph model one after the other and joins none: what is one is one in the file already. The
 * converter puts the bias and the activation of a convolution or a dense layer into its node (`_FusedConv2D`,
 * `FusedDepthwiseConv2dNative`, `_FusedMatMul`), and a batch normalisation behind a convolution into its weights.
 */
const tfjsRules = (backend: string, runtime: string): FusionRules => ({
  schemaVersion: 1,
  backend,
  runtime,
  versions: { from: '4.0', below: '5' },
  layout: 'nhwc',
  foldsBatchNorm: true,
  freePadding: [],
  padsFirst: ['conv2d', 'depthwiseConv2d', 'maxPool', 'avgPool'],
  freeBias: [],
  chains: [
    {
      name: 'convolution and normalisation',
      steps: [{ ops: [...CONVOLUTIONS] }, { ops: ['batchNorm'] }, { ...ACTIVATION, optional: true }],
    },
    { name: 'convolution', steps: [{ ops: [...CONVOLUTIONS], where: [{ useBias: [true] }] }, ACTIVATION] },
    { name: 'dense', steps: [{ ops: ['dense'], where: [{ useBias: [true], rank: [2] }] }, ACTIVATION] },
  ],
});

/** One for each of its backends: all run the same nodes. */
export const TFJS_RULES: readonly FusionRules[] = [
  ...['tfjs_wasm', 'tfjs_cpu', 'tfjs_webgl', 'tfjs_webgpu'].map((backend) => tfjsRules(backend, 'TensorFlow.js')),
  tfjsRules('tfjs_node', 'TensorFlow.js on TensorFlow'),
];
