import { describe, expect, it } from 'vitest';
import { drawWeights, GraphBuilder, type Implement, inferShapes } from '../../graph/index.ts';
import { Rng } from '../../random/index.ts';
import { maxRelativeError, randomTensors, runReference } from './index.ts';

const tensor = (shape: readonly number[], values: ArrayLike<number>) => ({ shape, data: Float32Array.from(values) });
const counting = (length: number) => Float32Array.from({ length }, (_, i) => i + 1);

/** Runs a graph of one input and returns its first output as plain numbers. */
function run(input: ReturnType<typeof tensor>, make: (g: GraphBuilder, x: string) => string, implement: Implement = 'tensorflow') {
  const g = new GraphBuilder('test', 3);
  const graph = g.build(make(g, g.input(input.shape)));
  const [output] = runReference(graph, [input], implement);
  const weights = graph.ops.map((op) => drawWeights(graph, op, inferShapes(graph)));
  return { values: [...output!.data], shape: output!.shape, weights };
}

const close = (actual: readonly number[], expected: readonly number[]) => {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i]!, 5);
  });
};

describe('windows', () => {
  // 1 2 3
  // 4 5 6
  // 7 8 9
  const image = tensor([1, 3, 3, 1], counting(9));

  it('takes maxima of real pixels only, even when all are negative', () => {
    const negative = tensor(
      [1, 3, 3, 1],
      counting(9).map((v) => -v),
    );
    const max = (implement: Implement) => run(negative, (g, x) => g.maxPool(x, { kernelSize: 2, strides: 2 }), implement).values;
    expect(max('tensorflow')).toEqual([-1, -3, -7, -9]);
    // floor((3 + 2 - 2) / 2) + 1 = 2 = ceil(3 / 2), so PyTorch's symmetric padding of 1 applies.
    expect(max('torch')).toEqual([-1, -2, -4, -5]);
  });

  it('averages over real pixels only', () => {
    expect(run(image, (g, x) => g.avgPool(x, { kernelSize: 2, strides: 2 })).values).toEqual([3, 4.5, 7.5, 9]);
    expect(run(image, (g, x) => g.avgPool(x, { kernelSize: 3 })).values).toEqual([3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7]);
    expect(run(image, (g, x) => g.avgPool(x, { kernelSize: 2, padding: 'valid' })).values).toEqual([3, 4, 6, 7]);
  });

  it('keeps channels and batches apart', () => {
    const input = tensor([2, 2, 2, 2], counting(16));
    expect(run(input, (g, x) => g.maxPool(x, { kernelSize: 2, strides: 2 }))).toMatchObject({
      values: [7, 8, 15, 16],
      shape: [2, 1, 1, 2],
    });
    expect(run(input, (g, x) => g.globalAvgPool(x))).toMatchObject({ values: [4, 5, 12, 13], shape: [2, 2] });
    expect(run(input, (g, x) => g.globalAvgPool(x, true)).shape).toEqual([2, 1, 1, 2]);
  });

  it.each([
    ['tensorflow', 0],
    ['torch', 1],
  ] as const)('puts the pixels of `same` where %s has them', (implement, pad) => {
    // 4x4, 3x3 window, stride 2: TensorFlow pads 0 before and 1 after, PyTorch 1 on either side.
    const input = tensor([1, 4, 4, 1], counting(16));
    const { values, weights } = run(input, (g, x) => g.conv2d(x, 1, { kernelSize: 3, strides: 2, useBias: false }), implement);
    const kernel = weights[0]!.kernel!.data;
    const expected = [0, 2].flatMap((top) =>
      [0, 2].map((left) => {
        let sum = 0;
        for (let ky = 0; ky < 3; ky++) {
          for (let kx = 0; kx < 3; kx++) {
            const [y, x] = [top + ky - pad, left + kx - pad];
            if (y >= 0 && y < 4 && x >= 0 && x < 4) sum += (4 * y + x + 1) * kernel[3 * ky + kx]!;
          }
        }
        return sum;
      }),
    );
    close(values, expected);
  });

  it('follows explicit padding under both frameworks', () => {
    const padding = { top: 1, bottom: 0, left: 0, right: 1 };
    for (const implement of ['tensorflow', 'torch'] as const) {
      expect(run(image, (g, x) => g.maxPool(x, { kernelSize: 2, strides: 2, padding }), implement).values).toEqual([2, 3, 8, 9]);
    }
  });

  it('convolves one pixel by hand, with bias and channels last', () => {
    const { values, weights } = run(tensor([1, 1, 1, 2], [2, -3]), (g, x) => g.conv2d(x, 3, { kernelSize: 1 }));
    const [kernel, bias] = [weights[0]!.kernel!, weights[0]!.bias!];
    close(
      values,
      [0, 1, 2].map((f) => 2 * kernel.data[f]! - 3 * kernel.data[3 + f]! + bias.data[f]!),
    );
  });

  it('joins only channels of the same group', () => {
    const { values, weights } = run(tensor([1, 1, 1, 4], [1, 2, 3, 4]), (g, x) =>
      g.conv2d(x, 2, { kernelSize: 1, groups: 2, useBias: false }),
    );
    const w = weights[0]!.kernel!.data; // [1, 1, 2, 2]
    close(values, [1 * w[0]! + 2 * w[2]!, 3 * w[1]! + 4 * w[3]!]);
  });

  it('a depthwise convolution is a grouped one with a filter per channel', () => {
    const input = tensor([1, 3, 3, 2], counting(18));
    const { values, weights } = run(input, (g, x) => g.depthwiseConv2d(x, { kernelSize: 3, padding: 'valid' }));
    const [kernel, bias] = [weights[0]!.kernel!, weights[0]!.bias!];
    const sum = (c: number) =>
      bias.data[c]! + [0, 1, 2, 3, 4, 5, 6, 7, 8].reduce((s, tap) => s + (2 * tap + c + 1) * kernel.data[2 * tap + c]!, 0);
    close(values, [sum(0), sum(1)]);
  });
});

describe('channels', () => {
  const input = tensor([1, 1, 2, 4], counting(8));

  it('shuffles as group-major to channel-major', () => {
    expect(run(input, (g, x) => g.channelShuffle(x, 2)).values).toEqual([1, 3, 2, 4, 5, 7, 6, 8]);
  });

  it('splits and joins along channels', () => {
    const g = new GraphBuilder('test');
    const [a, b] = g.split(g.input([1, 1, 2, 4]), 2) as [string, string];
    const outputs = runReference(g.build(a, b, g.concat([b, a])), [input], 'torch');
    expect(outputs.map(({ data }) => [...data])).toEqual([
      [1, 2, 5, 6],
      [3, 4, 7, 8],
      [3, 4, 1, 2, 7, 8, 5, 6],
    ]);
  });

  it('flattens with channels fastest under both frameworks', () => {
    for (const implement of ['tensorflow', 'torch'] as const) {
      expect(run(input, (g, x) => g.flatten(x), implement)).toMatchObject({ values: [1, 2, 3, 4, 5, 6, 7, 8], shape: [1, 8] });
    }
  });
});

describe('elements', () => {
  const x = [-4, -1.5, 0, 1.5, 2.5, 7];

  it.each([
    ['relu', [0, 0, 0, 1.5, 2.5, 7]],
    ['relu6', [0, 0, 0, 1.5, 2.5, 6]],
    ['hsigmoid', [0, 0.25, 0.5, 0.75, 5.5 / 6, 1]],
    ['hswish', [0, -0.375, 0, 1.125, (2.5 * 5.5) / 6, 7]],
    ['sigmoid', [0.01798621, 0.18242552, 0.5, 0.81757448, 0.92414182, 0.99908895]],
    ['swish', [-0.07194484, -0.27363828, 0, 1.22636172, 2.31035455, 6.99362264]],
  ] as const)('%s', (name, expected) => {
    close(run(tensor([1, 6], x), (g, id) => g.activation(id, name)).values, expected);
  });

  it('normalises per channel', () => {
    const { values, weights } = run(tensor([1, 1, 2, 2], [1, 2, 3, 4]), (g, id) => g.batchNorm(id, 0.5));
    const { gamma, beta, mean, variance } = weights[0] as Record<string, { data: Float32Array }>;
    const norm = (value: number, c: number) =>
      (gamma!.data[c]! * (value - mean!.data[c]!)) / Math.sqrt(variance!.data[c]! + 0.5) + beta!.data[c]!;
    close(values, [norm(1, 0), norm(2, 1), norm(3, 0), norm(4, 1)]);
  });

  it('adds, multiplies and scales channels of each batch', () => {
    const g = new GraphBuilder('test');
    const [a, b, scale] = [g.input([2, 1, 2, 2]), g.input([2, 1, 2, 2]), g.input([2, 1, 1, 2])];
    const graph = g.build(g.add(a, b), g.mul(a, b), g.mul(a, scale));
    const left = tensor([2, 1, 2, 2], counting(8));
    const outputs = runReference(
      graph,
      [left, tensor([2, 1, 2, 2], [1, 0, 1, 0, 2, 0, 2, 0]), tensor([2, 1, 1, 2], [1, 10, 100, 1000])],
      'torch',
    );
    expect(outputs.map(({ data }) => [...data])).toEqual([
      [2, 2, 4, 4, 7, 6, 9, 8],
      [1, 0, 3, 0, 10, 0, 14, 0],
      [1, 20, 3, 40, 500, 6000, 700, 8000],
    ]);
  });

  it('multiplies by a weight [c, units] in a fully connected layer', () => {
    const { values, weights } = run(tensor([2, 2], [1, 2, 3, 4]), (g, id) => g.dense(id, 2));
    const [kernel, bias] = [weights[0]!.kernel!, weights[0]!.bias!];
    const w = kernel.data;
    const row = (p: number, q: number) => [p * w[0]! + q * w[2]! + bias.data[0]!, p * w[1]! + q * w[3]! + bias.data[1]!];
    close(values, [...row(1, 2), ...row(3, 4)]);
  });
});

describe('inputs and comparison', () => {
  it('refuses inputs of another shape', () => {
    const g = new GraphBuilder('test');
    const graph = g.build(g.activation(g.input([1, 4]), 'relu'));
    expect(() => runReference(graph, [], 'torch')).toThrow('`inputs[0]` must be a tensor of shape [1, 4]. Got "none".');
    expect(() => runReference(graph, [tensor([1, 3], [1, 2, 3])], 'torch')).toThrow('Got "[1, 3] with 3 values"');
    expect(() => runReference(graph, [tensor([1, 4], [1, 2, 3])], 'torch')).toThrow('with 3 values');
  });

  it('draws the same inputs for the same seed, each its own', () => {
    const g = new GraphBuilder('test');
    const graph = g.build(g.add(g.input([1, 9]), g.input([1, 9])));
    const [a, b] = randomTensors(graph, new Rng(1));
    expect(randomTensors(graph, new Rng(1))).toEqual([a, b]);
    expect(a).not.toEqual(b);
    expect([...a!.data].every((value) => value >= -1 && value < 1)).toBe(true);
  });

  it('measures errors against the element or, near zero, against the whole', () => {
    const expected = tensor([1, 4], [10, -10, 10, 0]);
    expect(maxRelativeError(expected, expected)).toBe(0);
    expect(maxRelativeError(tensor([1, 4], [10, -11, 10, 0]), expected)).toBeCloseTo(0.1, 9);
    expect(maxRelativeError(tensor([1, 4], [10, -10, 10, 0.1]), expected)).toBeCloseTo(0.1 / Math.sqrt(75), 9);
    expect(maxRelativeError([tensor([1, 4], [10, Number.NaN, 10, 0])], [expected])).toBe(Number.POSITIVE_INFINITY);
    expect(() => maxRelativeError(tensor([2, 2], [1, 2, 3, 4]), expected)).toThrow('tensors of [1, 4]');
  });
});
