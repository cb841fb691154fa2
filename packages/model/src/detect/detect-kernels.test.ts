import { type Graph, GraphBuilder, type Implement, Rng, type ValueId } from '@nnm/core';
import conv from '@nnm/kernels-conv';
import misc from '@nnm/kernels-misc';
import tensor from '@nnm/kernels-tensor';
import transformer from '@nnm/kernels-transformer';
import { network } from '@nnm/zoo';
import { encoderBlock } from 'nnm-kernel-encoder-block';
import { invertedResidual } from 'nnm-kernel-inverted-residual';
import { describe, expect, it } from 'vitest';
import { detectKernels, type FusionRules, liftKernelGraph, parseFusionRules, Recogniser } from '../index.ts';
import { TFLITE_CPU_RULES } from './rules/tflite-cpu.ts';
import { TORCH_CPU_RULES } from './rules/torch-cpu.ts';

const BUILT_IN = [conv, misc, tensor, transformer].flatMap(({ kernels = [] }) => kernels);
const known = new Recogniser(BUILT_IN);

const BACKENDS: Readonly<Record<'tflite' | 'torch', readonly [Implement, FusionRules]>> = {
  tflite: ['tensorflow', TFLITE_CPU_RULES],
  torch: ['torch', TORCH_CPU_RULES.nchwc16],
};

function detect(graph: Graph, backend: keyof typeof BACKENDS, recogniser = known, batchSize?: number) {
  const [implement, rules] = BACKENDS[backend];
  const lifted = liftKernelGraph(graph, { implement });
  return detectKernels({ ...lifted, batchSize: batchSize ?? lifted.batchSize }, rules, recogniser);
}

const build = (write: (g: GraphBuilder) => ValueId | readonly ValueId[]): Graph => {
  const g = new GraphBuilder('test');
  return g.build(...[write(g)].flat());
};

/** Parts as operators joined by `+`. */
const parts = (graph: Graph, backend: keyof typeof BACKENDS): readonly string[] =>
  detect(graph, backend, new Recogniser([])).map(({ graph: part }) =>
    (part?.ops ?? [])
      .filter(({ op }) => op !== 'constant')
      .map((op) => (op.op === 'activation' ? op.function : op.op))
      .join('+'),
  );

const image = (g: GraphBuilder, channels = 32): ValueId => g.input([1, 14, 14, channels]);
const conv3 = (g: GraphBuilder, x: ValueId, filters = 32): ValueId => g.conv2d(x, filters, { kernelSize: 3 });

describe('parts', () => {
  it.each<[string, (g: GraphBuilder) => ValueId | readonly ValueId[], string[], string[]]>([
    [
      'convolution, normalisation, ReLU',
      (g) => g.activation(g.batchNorm(conv3(g, image(g))), 'relu'),
      ['conv2d+batchNorm+relu'],
      ['conv2d+batchNorm+relu'],
    ],
    ['sigmoid behind a convolution', (g) => g.activation(conv3(g, image(g)), 'sigmoid'), ['conv2d', 'sigmoid'], ['conv2d+sigmoid']],
    ['swish behind a convolution', (g) => g.activation(conv3(g, image(g)), 'swish'), ['conv2d', 'swish'], ['conv2d', 'swish']],
    ['hard swish at the end', (g) => g.activation(conv3(g, image(g)), 'hswish'), ['conv2d', 'hswish'], ['conv2d', 'hswish']],
    [
      'hard swish within',
      (g) => conv3(g, g.activation(conv3(g, image(g)), 'hswish')),
      ['conv2d', 'hswish', 'conv2d'],
      ['conv2d+hswish', 'conv2d'],
    ],
    ['PReLU', (g) => g.prelu(conv3(g, image(g))), ['conv2d', 'prelu'], ['conv2d', 'prelu']],
    [
      'a value that is read twice',
      (g) => {
        const y = conv3(g, image(g));
        return [g.activation(y, 'relu'), g.neg(y)];
      },
      ['conv2d', 'relu', 'neg'],
      ['conv2d', 'relu', 'neg'],
    ],
    [
      'a value that is an output',
      (g) => {
        const y = conv3(g, image(g));
        return [y, g.activation(y, 'relu')];
      },
      ['conv2d', 'relu'],
      ['conv2d', 'relu'],
    ],
    [
      'padding of its own',
      (g) =>
        g.conv2d(
          g.pad(image(g), [
            [0, 0],
            [1, 1],
            [1, 1],
            [0, 0],
          ]),
          32,
          { kernelSize: 3, padding: 'valid' },
        ),
      ['pad+conv2d'],
      ['pad+conv2d'],
    ],
    [
      'padding of channels',
      (g) =>
        g.conv2d(
          g.pad(image(g, 20), [
            [0, 0],
            [1, 1],
            [1, 1],
            [0, 12],
          ]),
          32,
          { kernelSize: 3, padding: 'valid' },
        ),
      ['pad', 'conv2d'],
      ['pad', 'conv2d'],
    ],
    [
      'a residual of blocked values',
      (g) => {
        const h = conv3(g, image(g));
        return g.activation(g.add(conv3(g, h), h), 'relu');
      },
      ['conv2d', 'conv2d', 'add+relu'],
      ['conv2d', 'conv2d+add+relu'],
    ],
    [
      'a residual of a plain value',
      (g) => {
        const x = image(g);
        return g.add(conv3(g, x), x);
      },
      ['conv2d', 'add'],
      ['conv2d', 'add'],
    ],
    [
      'a residual of a plain value, nothing blocked',
      (g) => {
        const x = image(g, 18);
        return g.add(conv3(g, x, 18), x);
      },
      ['conv2d', 'add'],
      ['conv2d+add'],
    ],
    [
      'a sum of two convolutions: the first one',
      (g) => {
        const x = image(g);
        return g.add(conv3(g, x), conv3(g, x));
      },
      ['conv2d', 'conv2d', 'add'],
      ['conv2d', 'conv2d+add'],
    ],
    ['a dense layer of vectors', (g) => g.activation(g.dense(g.input([1, 8]), 8), 'sigmoid'), ['dense', 'sigmoid'], ['dense+sigmoid']],
    ['a dense layer of rows', (g) => g.activation(g.dense(g.input([1, 4, 8]), 8), 'relu'), ['dense+relu'], ['dense', 'relu']],
    [
      'scaled scores',
      (g) => g.softmax(g.mul(g.matmul(g.input([1, 2, 7, 8]), g.input([1, 2, 8, 7])), 0.1)),
      ['matmul', 'mul', 'softmax'],
      ['matmul+mul', 'softmax'],
    ],
    [
      'a sum that is normalised',
      (g) => g.layerNorm(g.add(g.input([1, 7, 8]), g.input([1, 7, 8]))),
      ['add', 'layerNorm'],
      ['add+layerNorm'],
    ],
  ])('%s', (_, write, tflite, torch) => {
    expect({ tflite: parts(build(write), 'tflite'), torch: parts(build(write), 'torch') }).toEqual({ tflite, torch });
  });

  it('are graphs of their own, constants among their ops', () => {
    const [part] = detect(
      build((g) => g.mul(g.input([1, 7, 7, 3]), g.constant([3]))),
      'tflite',
      new Recogniser([]),
    );
    expect(part?.graph?.ops.map(({ op }) => op)).toEqual(['constant', 'mul']);
    expect(part?.graph?.inputs).toEqual([{ id: 'input0', shape: [1, 7, 7, 3] }]);
  });
});

describe('kernels', () => {
  it.each(BUILT_IN.map((kernel) => [kernel.type, kernel] as const))('%s is known by its block', (type, kernel) => {
    const own = new Recogniser([kernel]);
    // The batch is part of an axis of these.
    const isSpread = ['transpose-windows', 'transpose-heads', 'split-heads'].includes(type);
    // By itself it is a convolution and a sum: it is one part between blocked neighbours only.
    if (type.startsWith('conv-bn-add')) return;
    for (const batchSize of isSpread ? [1] : [1, 3]) {
      for (const config of kernel.sampler.priorConfigSampling(5, { rng: new Rng(7) })) {
        const graph = new kernel.block(config, batchSize).getModel();
        expect(detect(graph, 'torch', own, batchSize).map(({ match }) => match)).toEqual([{ kernel: type, config }]);
      }
    }
  });

  const nonSquare: readonly [string, (g: GraphBuilder) => ValueId, string, object][] = [
    ['rows of an image', (g) => g.silu(g.input([1, 6, 8, 3])), 'silu', { ROWS: 48, CIN: 3 }],
    ['an image of rows', (g) => g.activation(g.input([1, 9, 4]), 'relu'), 'relu', { HW: 3, CIN: 4 }],
    ['elements in other rows', (g) => g.add(g.input([1, 8, 32]), g.input([1, 8, 32])), 'add', { HW: 2, CIN: 64 }],
    ['a scale per image', (g) => g.mul(g.input([1, 4, 4, 6]), g.input([1, 1, 1, 6])), 'mul-planes', { ROWS: 16, CIN: 6 }],
    [
      'matrices over three axes',
      (g) => g.matmul(g.input([1, 2, 3, 7, 4]), g.input([1, 2, 3, 4, 5])),
      'matmul',
      { MATRICES: 6, M: 7, K: 4, N: 5 },
    ],
    ['a new shape', (g) => g.flatten(g.input([1, 3, 4, 5])), 'reshape', { ROWS: 12, CIN: 5 }],
    [
      'windows of an image',
      (g) => g.transpose(g.input([8, 7, 8, 7, 96]), [0, 2, 1, 3, 4]),
      'transpose-windows',
      { OUTER: 8, ROWS: 7, COLUMNS: 8, SIDE: 7, CIN: 96 },
    ],
    [
      'heads of windows',
      (g) => g.transpose(g.input([16, 6, 49, 32]), [0, 2, 1, 3]),
      'transpose-windows',
      { OUTER: 16, ROWS: 6, COLUMNS: 49, SIDE: 1, CIN: 32 },
    ],
    ['channels put first', (g) => g.transpose(g.input([1, 4, 6, 3]), [0, 3, 1, 2]), 'transpose', { ROWS: 24, COLUMNS: 3, CIN: 1 }],
    [
      'queries, keys and values',
      (g) => g.transpose(g.input([4, 49, 3, 12, 32]), [2, 0, 3, 1, 4]),
      'transpose-heads',
      { WINDOWS: 4, WORDS: 49, HEADS: 12, CIN: 32 },
    ],
    [
      'a window as large as its image',
      (g) => g.avgPool(g.input([1, 16, 16, 8]), { kernelSize: 16, strides: 16, padding: 'valid' }),
      'global-avgpool',
      { HW: 16, CIN: 8 },
    ],
    ['a global pooling of as many pixels', (g) => g.globalAvgPool(g.input([1, 9, 16, 8]), true), 'global-avgpool', { HW: 12, CIN: 8 }],
    ['another epsilon', (g) => g.layerNorm(g.input([1, 6, 8]), { epsilon: 1e-12 }), 'layer-norm', { ROWS: 6, CIN: 8 }],
    [
      'explicit padding',
      (g) => g.conv2d(g.input([1, 7, 9, 4]), 5, { kernelSize: 3, strides: 2, padding: { top: 1, bottom: 1, left: 1, right: 1 } }),
      'conv2d',
      { H: 7, W: 9, CIN: 4, COUT: 5, KERNEL_H: 3, KERNEL_W: 3, STRIDE_H: 2, STRIDE_W: 2, DILATION_H: 1, DILATION_W: 1 },
    ],
  ];
  it.each(nonSquare)('%s', (_, write, kernel, config) => {
    expect(detect(build(write), 'torch', known, 1).map(({ match }) => match)).toEqual([{ kernel, config }]);
  });

  it('are parts of runtimes that run them as one, where they say so', () => {
    const graph = build((g) => {
      const x = g.batchNorm(g.conv2d(image(g), 32, { kernelSize: 1, useBias: false }));
      const inner = g.batchNorm(g.conv2d(x, 32, { kernelSize: 1, useBias: false }));
      const sum = g.add(g.batchNorm(g.conv2d(inner, 32, { kernelSize: 3, useBias: false })), x);
      return g.layerNorm(g.add(g.reshape(sum, [1, 196, 32]), g.input([1, 196, 32])));
    });
    const named = (backend: keyof typeof BACKENDS) => detect(graph, backend).flatMap(({ match }) => match?.kernel ?? '?');
    expect(named('torch')).toEqual(['conv-bn', 'conv-bn', 'conv-bn-add', 'reshape', 'add-layer-norm']);
    expect(named('tflite')).toEqual(['conv-bn', 'conv-bn', 'conv-bn', 'add', 'reshape', 'add', 'layer-norm']);
  });

  it('is none where a window gives another size, or a function is another', () => {
    const valid = build((g) => g.conv2d(g.input([1, 14, 14, 4]), 5, { kernelSize: 3, padding: 'valid' }));
    const cube = build((g) => g.pow(g.input([1, 5, 4]), 3));
    // One matrix times six is another amount of work.
    const broadcast = build((g) => g.matmul(g.input([1, 6, 7, 4]), g.input([1, 1, 4, 5])));
    for (const graph of [valid, cube, broadcast]) expect(detect(graph, 'torch').map(({ match }) => match)).toEqual([undefined]);
  });

  it('with batch normalisation stand for a file in which it is in the weights', () => {
    const relu = build((g) => g.activation(conv3(g, image(g)), 'relu'));
    const only = new Recogniser(BUILT_IN.filter(({ type }) => type === 'conv-bn-relu'));
    expect(detect(relu, 'tflite', only)[0]?.match).toEqual({
      kernel: 'conv-bn-relu',
      config: { HW: 14, CIN: 32, COUT: 32, KERNEL_SIZE: 3, STRIDES: 1 },
    });
  });

  it.each(['tflite', 'torch'] as const)('of a plugin are found in networks, whole blocks of several parts (%s)', (backend) => {
    const own = new Recogniser([...BUILT_IN, invertedResidual, encoderBlock]);
    const found = detect(network('mobilenet-v2'), backend, own).filter(({ match }) => match?.kernel === 'inverted-residual');
    expect(found.map(({ match, ops }) => [match?.config, ops.length])).toContainEqual([
      { HW: 14, CIN: 64, EXPANSION: 6, KERNEL_SIZE: 3 },
      9,
    ]);
    expect(found).toHaveLength(10);
    const config = { LENGTH: 16, HEADS: 2, HEAD_CHANNELS: 8, EXPANSION: 4 };
    const block = new encoderBlock.block(config).getModel();
    expect(detect(block, backend).length).toBeGreaterThan(10);
    expect(detect(block, backend, own).map(({ match }) => match)).toEqual([{ kernel: 'encoder-block', config }]);
  });

  it('every op of a network is in exactly one part', () => {
    for (const name of ['shufflenet-v2-0.5', 'swin-t', 'yolo-v5n']) {
      const graph = network(name);
      const positions = detect(graph, 'torch').flatMap(({ ops }) => ops);
      const { ops } = liftKernelGraph(graph, { implement: 'torch' });
      expect([...positions].sort((a, b) => a - b)).toEqual(ops.map((_, position) => position));
    }
  });

  it('that say themselves what they may be are asked', () => {
    const relu = BUILT_IN.find(({ type }) => type === 'relu');
    const asked = {
      ...relu,
      configsOf: () => [
        { HW: 4, CIN: 9 },
        { HW: 3, CIN: 4 },
      ],
    } as never;
    expect(
      detect(
        build((g) => g.activation(g.input([1, 3, 3, 4]), 'relu')),
        'torch',
        new Recogniser([asked]),
      )[0]?.match,
    ).toEqual({
      kernel: 'relu',
      config: { HW: 3, CIN: 4 },
    });
  });
});

describe('rules', () => {
  it('survive JSON', () => {
    for (const rules of [TFLITE_CPU_RULES, ...Object.values(TORCH_CPU_RULES)]) {
      expect(parseFusionRules(JSON.parse(JSON.stringify(rules)))).toEqual(rules);
    }
  });

  it.each([
    [{ ...TFLITE_CPU_RULES, schemaVersion: 2 }, /rules.schemaVersion.*schema version 1.*Got .*schemaVersion 2/],
    [{ ...TFLITE_CPU_RULES, chains: [{ name: 'x', steps: [{ ops: [] }] }] }, /rules.chains.0.steps.0.ops/],
    ['x', /`rules`/],
  ])('that are wrong are refused', (rules, message) => {
    expect(() => parseFusionRules(rules)).toThrow(message);
  });
});
