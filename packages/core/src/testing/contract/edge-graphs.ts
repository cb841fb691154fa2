import { type Graph, GraphBuilder, OPERATORS, type Padding2d, type Shape, type ValueId } from '../../graph/index.ts';
import type { AnyOperator } from '../../graph/operator.ts';

/** A small graph that lowerings tend to get wrong, and what it is about. */
export interface EdgeGraph {
  readonly name: string;
  readonly graph: Graph;
  /** True for what the networks are made of that nnm began with: a backend may not refuse it by name. */
  readonly isBasic: boolean;
}

const UNEVEN: Padding2d = { top: 0, bottom: 1, left: 2, right: 1 };

/** One line per graph: its name and how it is written. Kept small: the reference computes them all. */
const WRITERS: Readonly<Record<string, (g: GraphBuilder) => string | readonly string[]>> = {
  'conv2d of one pixel': (g) => g.conv2d(g.input([1, 1, 1, 3]), 5, { kernelSize: 3 }),
  'conv2d with stride 2 on an even size': (g) => g.conv2d(g.input([1, 8, 8, 3]), 4, { kernelSize: 3, strides: 2 }),
  'conv2d with stride 2 on an odd size, batch 4': (g) => g.conv2d(g.input([4, 7, 7, 3]), 4, { kernelSize: 5, strides: 2 }),
  'conv2d with stride 4 and kernel 1': (g) => g.conv2d(g.input([1, 9, 9, 2]), 3, { kernelSize: 1, strides: 4, useBias: false }),
  'conv2d with a window larger than its input': (g) => g.conv2d(g.input([1, 2, 2, 3]), 4, { kernelSize: 7, strides: 2 }),
  'conv2d, valid, not square': (g) => g.conv2d(g.input([1, 6, 9, 2]), 3, { kernelSize: [3, 1], strides: [1, 2], padding: 'valid' }),
  'conv2d with explicit uneven padding': (g) => g.conv2d(g.input([1, 6, 6, 2]), 3, { kernelSize: 3, strides: 2, padding: UNEVEN }),
  'grouped conv2d': (g) => g.conv2d(g.input([1, 5, 5, 6]), 9, { kernelSize: 3, groups: 3 }),
  'conv2d, batch norm and relu': (g) =>
    g.activation(g.batchNorm(g.conv2d(g.input([1, 6, 6, 3]), 4, { kernelSize: 3, useBias: false })), 'relu'),
  'conv2d whose result is used twice': (g) => {
    const y = g.conv2d(g.input([1, 4, 4, 3]), 3, { kernelSize: 1 });
    return g.add(g.activation(g.batchNorm(y), 'relu'), y);
  },
  'depthwiseConv2d, stride 2, even size': (g) => g.depthwiseConv2d(g.input([1, 8, 8, 5]), { kernelSize: 3, strides: 2 }),
  'depthwiseConv2d, batch norm and relu6, batch 4': (g) =>
    g.activation(g.batchNorm(g.depthwiseConv2d(g.input([4, 5, 5, 3]), { kernelSize: 5, useBias: false })), 'relu6'),
  'depthwiseConv2d with explicit padding': (g) => g.depthwiseConv2d(g.input([1, 6, 6, 4]), { kernelSize: 3, strides: 2, padding: UNEVEN }),
  'batchNorm alone': (g) => g.batchNorm(g.input([2, 3, 3, 5]), 1e-5),
  'batchNorm of a vector': (g) => g.batchNorm(g.input([2, 6])),
  ...Object.fromEntries(
    (['relu', 'relu6', 'hswish', 'hsigmoid', 'sigmoid', 'swish'] as const).flatMap((name) => [
      [`${name} alone`, (g: GraphBuilder) => g.activation(g.input([1, 4, 4, 3]), name)],
      [`${name} of a vector`, (g: GraphBuilder) => g.activation(g.batchNorm(g.input([2, 8])), name)],
    ]),
  ),
  'maxPool, even window, odd size': (g) => g.maxPool(g.input([1, 7, 7, 3]), { kernelSize: 2, strides: 2 }),
  'maxPool of negative values': (g) => g.maxPool(g.conv2d(g.input([1, 6, 6, 2]), 3, { kernelSize: 1 }), { kernelSize: 3, strides: 2 }),
  'maxPool with explicit padding': (g) =>
    g.maxPool(g.input([1, 6, 6, 2]), { kernelSize: 3, strides: 2, padding: { top: 1, bottom: 1, left: 1, right: 1 } }),
  'avgPool, padded pixels not counted': (g) => g.avgPool(g.input([1, 7, 7, 3]), { kernelSize: 3, strides: 2 }),
  'avgPool, even window, odd size': (g) => g.avgPool(g.input([2, 5, 5, 3]), { kernelSize: 2, strides: 2 }),
  'avgPool, valid': (g) => g.avgPool(g.input([1, 6, 6, 3]), { kernelSize: 3, strides: 1, padding: 'valid' }),
  'globalAvgPool, with and without its dimensions': (g) => {
    const x = g.input([2, 3, 5, 4]);
    return [g.globalAvgPool(x), g.globalAvgPool(x, true)];
  },
  'dense, batch 4': (g) => g.dense(g.input([4, 6]), 5),
  'dense without bias': (g) => g.dense(g.input([1, 6]), 3, false),
  'dense after flatten, channels fastest': (g) => g.dense(g.flatten(g.input([2, 2, 3, 4])), 5),
  'flatten, channels fastest': (g) => g.flatten(g.input([2, 2, 3, 4])),
  'concat of four inputs': (g) => g.concat([1, 2, 3, 4].map((c) => g.input([1, 3, 3, c]))),
  'concat of vectors': (g) => g.concat([g.input([2, 3]), g.input([2, 2])]),
  'split into three': (g) => g.split(g.input([2, 3, 3, 6]), 3),
  'channelShuffle in three groups': (g) => g.channelShuffle(g.input([2, 2, 2, 6]), 3),
  'add of two inputs': (g) => g.add(g.input([2, 3, 3, 4]), g.input([2, 3, 3, 4])),
  'mul of equal shapes': (g) => g.mul(g.input([1, 3, 3, 4]), g.input([1, 3, 3, 4])),
  'mul by one value per channel': (g) => g.mul(g.input([2, 3, 3, 4]), g.input([2, 1, 1, 4])),
  'an input that is used twice': (g) => {
    const x = g.input([1, 2, 2, 3]);
    return [g.activation(x, 'relu'), g.add(x, x)];
  },
};

/** Small graphs with every op of the graph in its awkward corners: padding, batches, even windows, broadcasting, ranks. */
export function edgeGraphs(): readonly EdgeGraph[] {
  const graphs = Object.entries(WRITERS).map(([name, write], index) => {
    const g = new GraphBuilder(name, 1000 + index);
    return { name, graph: g.build(...[write(g)].flat()), isBasic: true };
  });
  return [...graphs, ...[...OPERATORS.values()].flatMap(operatorGraphs)];
}

/** The corners that an operator names in its own file. */
function operatorGraphs({ edges }: AnyOperator): readonly EdgeGraph[] {
  return Object.entries<(g: unknown) => ValueId | readonly ValueId[]>(edges).map(([name, write]) => {
    const g = new EdgeGraphBuilder(name, 1);
    return { name, graph: g.build(...[write(g)].flat()), isBasic: false };
  });
}

class EdgeGraphBuilder extends GraphBuilder {
  positive(shape: Shape): ValueId {
    return this.activation(this.input(shape), 'sigmoid');
  }
}
