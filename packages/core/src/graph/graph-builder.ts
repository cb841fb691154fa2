import { inferShapes } from './infer-shapes.ts';
import type { ActivationFunction, Graph, GraphInput, Op, Padding, Shape, Size2d, ValueId } from './types.ts';

/** Options of a convolution; sizes may be one number for a square. */
export interface ConvOptions {
  readonly kernelSize: number | Size2d;
  /** Default 1. */
  readonly strides?: number | Size2d;
  /** Default `same`. */
  readonly padding?: Padding;
  /** Default true. */
  readonly useBias?: boolean;
}

export type PoolOptions = Omit<ConvOptions, 'useBias'>;

/** An op without the names of its outputs. */
type UnnamedOp = Op extends infer O ? (O extends Op ? Omit<O, 'outputs'> : never) : never;

const square = (size: number | Size2d): Size2d => (typeof size === 'number' ? [size, size] : size);

/**
 * Writes a {@link Graph} op by op; every method returns the name of the value it makes.
 *
 * @example
 * const g = new GraphBuilder('conv-bn-relu');
 * const x = g.input([1, 56, 56, 64]);
 * const graph = g.build(g.activation(g.batchNorm(g.conv2d(x, 128, { kernelSize: 3 })), 'relu'));
 */
export class GraphBuilder {
  private readonly inputs: GraphInput[] = [];
  private readonly ops: Op[] = [];

  /**
   * @param name - shown in errors and stored in model files
   * @param seed - seed of the weights, an unsigned 32-bit integer
   */
  constructor(
    readonly name: string,
    readonly seed: number = 0,
  ) {}

  /** @param shape - `[n, h, w, c]` or `[n, c]` */
  input(shape: Shape): ValueId {
    const id = `input${this.inputs.length}`;
    this.inputs.push({ id, shape: [...shape] });
    return id;
  }

  conv2d(x: ValueId, filters: number, options: ConvOptions & { readonly groups?: number }): ValueId {
    const { padding = 'same', useBias = true, groups = 1 } = options;
    return this.add1({ op: 'conv2d', inputs: [x], filters, ...window(options), padding, groups, useBias });
  }

  depthwiseConv2d(x: ValueId, options: ConvOptions): ValueId {
    const { padding = 'same', useBias = true } = options;
    return this.add1({ op: 'depthwiseConv2d', inputs: [x], ...window(options), padding, useBias });
  }

  /** @param epsilon - added to the variance; default 1e-3 */
  batchNorm(x: ValueId, epsilon = 1e-3): ValueId {
    return this.add1({ op: 'batchNorm', inputs: [x], epsilon });
  }

  activation(x: ValueId, fn: ActivationFunction): ValueId {
    return this.add1({ op: 'activation', inputs: [x], function: fn });
  }

  maxPool(x: ValueId, options: PoolOptions): ValueId {
    return this.add1({ op: 'maxPool', inputs: [x], ...window(options), padding: options.padding ?? 'same' });
  }

  avgPool(x: ValueId, options: PoolOptions): ValueId {
    return this.add1({ op: 'avgPool', inputs: [x], ...window(options), padding: options.padding ?? 'same' });
  }

  /** @param keepDims - true gives `[n, 1, 1, c]`, false (default) `[n, c]` */
  globalAvgPool(x: ValueId, keepDims = false): ValueId {
    return this.add1({ op: 'globalAvgPool', inputs: [x], keepDims });
  }

  dense(x: ValueId, units: number, useBias = true): ValueId {
    return this.add1({ op: 'dense', inputs: [x], units, useBias });
  }

  flatten(x: ValueId): ValueId {
    return this.add1({ op: 'flatten', inputs: [x] });
  }

  /** Along channels. */
  concat(values: readonly ValueId[]): ValueId {
    return this.add1({ op: 'concat', inputs: values });
  }

  /** Along channels, into equal parts. */
  split(x: ValueId, parts: number): readonly ValueId[] {
    const outputs = Array.from({ length: parts }, (_, part) => `split${this.ops.length}_${part}`);
    this.ops.push({ op: 'split', inputs: [x], outputs });
    return outputs;
  }

  channelShuffle(x: ValueId, groups: number): ValueId {
    return this.add1({ op: 'channelShuffle', inputs: [x], groups });
  }

  add(a: ValueId, b: ValueId): ValueId {
    return this.add1({ op: 'add', inputs: [a, b] });
  }

  /** @param b - of `a`'s shape, or `[n, 1, 1, c]` */
  mul(a: ValueId, b: ValueId): ValueId {
    return this.add1({ op: 'mul', inputs: [a, b] });
  }

  /**
   * The finished graph, checked.
   *
   * @throws {@link InvalidGraphError} naming the op that is wrong
   */
  build(...outputs: readonly ValueId[]): Graph {
    const graph: Graph = {
      schemaVersion: 1,
      name: this.name,
      seed: this.seed >>> 0,
      inputs: [...this.inputs],
      ops: [...this.ops],
      outputs: [...outputs],
    };
    inferShapes(graph);
    return graph;
  }

  private add1(op: UnnamedOp): ValueId {
    const id = `${op.op}${this.ops.length}`;
    this.ops.push({ ...op, outputs: [id] } as Op);
    return id;
  }
}

function window({ kernelSize, strides = 1 }: ConvOptions | PoolOptions): { kernelSize: Size2d; strides: Size2d } {
  return { kernelSize: square(kernelSize), strides: square(strides) };
}
