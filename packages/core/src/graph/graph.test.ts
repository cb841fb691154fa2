import { describe, expect, it } from 'vitest';
import {
  countMultiplyAdds,
  countWork,
  drawWeights,
  GraphBuilder,
  inferShapes,
  resolvePadding,
  samePixelsEverywhere,
  windowOutputSize,
} from './index.ts';

const convBnRelu = () => {
  const g = new GraphBuilder('conv-bn-relu', 7);
  return g.build(g.activation(g.batchNorm(g.conv2d(g.input([1, 5, 5, 2]), 3, { kernelSize: 3, strides: 2 })), 'relu'));
};

describe('GraphBuilder', () => {
  it('builds a JSON-safe graph with inferred shapes', () => {
    const graph = convBnRelu();
    expect(JSON.parse(JSON.stringify(graph))).toEqual(graph);
    expect([...inferShapes(graph).values()]).toEqual([
      [1, 5, 5, 2],
      [1, 3, 3, 3],
      [1, 3, 3, 3],
      [1, 3, 3, 3],
    ]);
  });

  it.each([
    [
      'a window larger than its input',
      (g: GraphBuilder) => g.maxPool(g.input([1, 2, 2, 4]), { kernelSize: 3, padding: 'valid' }),
      /3x3 window/,
    ],
    ['parts that are not equal', (g: GraphBuilder) => g.split(g.input([1, 2, 2, 5]), 2)[0] as string, /split 5 channels into 2/],
    ['tensors that differ in size', (g: GraphBuilder) => g.add(g.input([1, 2, 2, 4]), g.input([1, 2, 2, 5])), /joins \[1, 2, 2, 4\] and/],
    ['channels that are not positive', (g: GraphBuilder) => g.conv2d(g.input([1, 2, 2, 0]), 4, { kernelSize: 1 }), /integers >= 1/],
  ])('refuses %s', (_, make, problem) => {
    const g = new GraphBuilder('broken');
    const output = make(g);
    expect(() => g.build(output)).toThrow(problem);
  });

  it('refuses a value that no op defines', () => {
    const g = new GraphBuilder('broken');
    g.input([1, 4]);
    expect(() => g.build('nowhere')).toThrow(/output "nowhere" is not defined/);
  });
});

describe('padding', () => {
  it('puts the odd pixel after under tensorflow and pads symmetrically under torch', () => {
    expect(resolvePadding('same', 'tensorflow', [224, 224], [3, 3], [2, 2])).toEqual({ top: 0, bottom: 1, left: 0, right: 1 });
    expect(resolvePadding('same', 'torch', [224, 224], [3, 3], [2, 2])).toEqual({ top: 1, bottom: 1, left: 1, right: 1 });
    expect(samePixelsEverywhere('same', [224, 224], [3, 3], [2, 2])).toBe(false);
    expect(samePixelsEverywhere('same', [225, 225], [3, 3], [2, 2])).toBe(true);
  });

  it('keeps the output size ceil(size / stride) under both, for every edge size', () => {
    for (const size of [1, 2, 3, 7, 14, 15, 224]) {
      for (const kernel of [1, 2, 3, 5, 7]) {
        for (const stride of [1, 2, 4]) {
          for (const implement of ['tensorflow', 'torch'] as const) {
            const padding = resolvePadding('same', implement, [size, size], [kernel, kernel], [stride, stride]);
            const output = windowOutputSize(padding, [size, size], [kernel, kernel], [stride, stride]);
            expect(output, `${implement} ${size} ${kernel} ${stride}`).toEqual([Math.ceil(size / stride), Math.ceil(size / stride)]);
          }
        }
      }
    }
  });
});

describe('work and weights', () => {
  it('counts by hand', () => {
    // 3x3x3 outputs, 3x3x2 weights each: 27 * 18 multiply-adds; a bias, batch norm and ReLU operation add 1 + 2 + 1 per output.
    const graph = convBnRelu();
    expect(countMultiplyAdds(graph)).toBe(27 * 18);
    expect(countWork(graph)).toEqual({ flops: 2 * 27 * 18 + 27 * 4, params: 54 + 3 + 6, bytes: 4 * (50 + 27 + 54 + 3 + 12) });
  });

  it('draws the same weights for the same seed and others for another op', () => {
    const graph = convBnRelu();
    const [conv, norm] = graph.ops;
    const shapes = inferShapes(graph);
    const first = drawWeights(graph, conv!, shapes);
    expect(drawWeights(graph, conv!, shapes).kernel?.data).toEqual(first.kernel?.data);
    expect(drawWeights({ ...graph, seed: 8 }, conv!, shapes).kernel?.data).not.toEqual(first.kernel?.data);
    expect([...first.kernel!.data.slice(0, 3)]).toMatchInlineSnapshot(`
      [
        0.4454289376735687,
        0.40407606959342957,
        0.16603422164916992,
      ]
    `);
    expect(Object.keys(drawWeights(graph, norm!, shapes))).toEqual(['gamma', 'beta', 'mean', 'variance']);
    expect([...first.kernel!.data].every((value) => Math.abs(value) <= Math.sqrt(6 / 18))).toBe(true);
  });
});
