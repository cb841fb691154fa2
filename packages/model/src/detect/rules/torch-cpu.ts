import type { ChainStep, FusionRules } from '../fusion-rules.ts';

const BATCH_NORM: ChainStep = { ops: ['batchNorm'], optional: true };

/** Activations that every convolution takes in. */
const ACTIVATIONS: readonly ChainStep[] = [
  { ops: ['activation'], where: [{ function: ['relu', 'relu6', 'sigmoid', 'hsigmoid'] }] },
  { ops: ['tanh', 'leakyRelu', 'clip', 'hardSigmoid'] },
];

/** Chains that differ in their last step only; the one without it is the shortest. */
const ending = (name: string, steps: readonly ChainStep[], ends: readonly ChainStep[]): FusionRules['chains'] => [
  { name, steps: [...steps] },
  ...ends.map((end) => ({ name: `${name}, ${end.ops.join(' or ')}`, steps: [...steps, end] })),
];

const PAD: ChainStep = { ops: ['pad'], where: [{ mode: ['constant'], value: [0], spatial: [true] }], optional: true };
const CONVOLUTION: ChainStep = { ops: ['conv2d', 'depthwiseConv2d'] };
/** Hard swish is several operators, which are recognised between blocked values only, not at the end of a model. */
const HARD_SWISH: ChainStep = { ops: ['activation'], where: [{ function: ['hswish'], blocked: [true] }], within: true };

const blocked = (block: number): FusionRules['blocked'] => ({
  block,
  enters: [
    {
      ops: ['conv2d'],
      where: [
        { groups: [1], cin: { below: block } },
        { groups: [1], cin: { multipleOf: 4 } },
        { groups: { min: 2 }, groupCin: { multipleOf: block }, groupCout: { multipleOf: block } },
        { depthwise: [true], cout: { multipleOf: 4 } },
      ],
      takesPlain: [{ groups: [1], cin: { below: block } }],
    },
    { ops: ['depthwiseConv2d'], where: [{ depthwise: [true], cout: { multipleOf: 4 } }] },
    { ops: ['maxPool', 'avgPool'], where: [{ cin: { multipleOf: block } }] },
  ],
  keeps: [
    { ops: ['activation', 'tanh', 'gelu', 'hardSigmoid'] },
    { ops: ['leakyRelu', 'batchNorm', 'resize'] },
    { ops: ['globalAvgPool'], where: [{ cin: { multipleOf: block } }] },
    { ops: ['add', 'mul'], where: [{ sameShape: [true] }] },
    { ops: ['concat'], where: [{ everyCin: { multipleOf: block }, constants: [false] }] },
  ],
  leaves: [{ ops: ['globalAvgPool'], where: [{ keepDims: [false] }] }],
});

/** ONNX Runtime on a CPU whose vectors hold `block` numbers; its convolutions run on channels in blocks of as many, if there is one. */
const rules = (block?: number): FusionRules => ({
  schemaVersion: 1,
  backend: 'torch_cpu',
  runtime: 'ONNX Runtime',
  versions: { from: '1.16' },
  layout: block === undefined ? 'nchw' : `nchwc${block}`,
  foldsBatchNorm: true,
  freePadding: ['conv2d', 'depthwiseConv2d', 'maxPool', 'avgPool'],
  freeBias: ['conv2d', 'depthwiseConv2d'],
  ...(block !== undefined && { blocked: blocked(block) }),
  chains: [
    ...ending('convolution', [PAD, CONVOLUTION, BATCH_NORM], [...ACTIVATIONS, HARD_SWISH]),
    ...ending(
      'convolution and residual, blocked',
      [PAD, CONVOLUTION, BATCH_NORM, { ops: ['add'], others: 'either', where: [{ blocked: [true] }] }],
      [...ACTIVATIONS, HARD_SWISH],
    ),
    ...ending(
      'convolution and residual',
      [
        PAD,
        { ...CONVOLUTION, where: [{ blocked: [false] }] },
        BATCH_NORM,
        { ops: ['add'], others: 'either', where: [{ sameShape: [true] }] },
      ],
      ACTIVATIONS,
    ),
    ...ending('normalisation, blocked', [{ ops: ['batchNorm'], where: [{ blocked: [true] }] }], [...ACTIVATIONS, HARD_SWISH]),
    {
      name: 'dense',
      steps: [
        { ops: ['dense'], where: [{ rank: [2] }] },
        {
          ops: ['activation', 'tanh', 'leakyRelu'],
          where: [{ function: ['relu', 'sigmoid'] }, { op: ['tanh', 'leakyRelu'] }],
          optional: true,
        },
      ],
    },
    {
      name: 'scaled product',
      steps: [
        { ops: ['mul', 'div'], where: [{ scalar: [true] }], optional: true },
        { ops: ['matmul'], others: 'value' },
        { ops: ['mul', 'div'], where: [{ scalar: [true] }], optional: true },
      ],
    },
    {
      name: 'sum and normalisation',
      steps: [{ ops: ['add'], others: 'value', where: [{ sameShape: [true], rank: [3] }] }, { ops: ['layerNorm'] }],
    },
    {
      name: 'bias and GELU',
      steps: [
        { ops: ['add'], others: 'constant', where: [{ scalar: [false] }] },
        { ops: ['gelu'], where: [{ approximate: ['none'] }] },
      ],
    },
    { name: 'transpose and split, which is done first', steps: [{ ops: ['transpose'] }, { ops: ['split'] }] },
    { name: 'transposed convolution', steps: [{ ops: ['transposedConv2d'] }, BATCH_NORM] },
  ],
});

/** By the layout of images: channels in blocks of 16 with AVX-512 and newer ARM CPUs, of 8 with AVX2, or plain. */
export const TORCH_CPU_RULES: Readonly<Record<'nchwc16' | 'nchwc8' | 'nchw', FusionRules>> = {
  nchwc16: rules(16),
  nchwc8: rules(8),
  nchw: rules(),
};

/** In WebAssembly ONNX Runtime has no channels in blocks; what it makes of a model is else the same. */
export const ORT_WASM_RULES: FusionRules = {
  ...TORCH_CPU_RULES.nchw,
  backend: 'ort_wasm',
  runtime: 'ONNX Runtime Web',
};
