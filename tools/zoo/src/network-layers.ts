import { type Graph, inferShapes, type Op, type Shape } from '@nnm/core';

/** Kinds of layers that kernels are sampled like; the names are those of the prior tables. */
export type LayerKind =
  | 'conv'
  | 'conv2d'
  | 'dwconv'
  | 'dwconv2d'
  | 'grouped-conv'
  | 'transposed-conv'
  | 'pooling'
  | 'fc'
  | 'dense'
  | 'matmul'
  | 'attention'
  | 'concat'
  | 'channel-halves'
  | 'se'
  | 'global-avgpool'
  | 'add'
  | 'feature-maps'
  | 'rows'
  | 'words'
  | 'transpose'
  | 'resize';

/** One layer of a network, as the kernel configuration that stands for it. */
export interface NetworkLayer {
  readonly kind: LayerKind;
  readonly config: Readonly<Record<string, number>>;
}

/** What a layer is read from. */
interface OpShapes {
  readonly inputs: readonly Shape[];
  readonly output: Shape;
}

/**
 * The layers of a network as kernel configurations, in execution order; sizes are those of one image or text.
 *
 * A convolution with what follows it (batch normalisation, activation) is one layer: of kind `conv` or `dwconv` where image, window and
 * step are square and nothing is dilated, and always of kind `conv2d` or `dwconv2d`. A squeeze-and-excitation branch is one `se` layer
 * beside its 1x1 convolutions. `channel-halves` are splits and channel shuffles. `feature-maps` are the images that are batch-normalised
 * or activated, one per convolution or pre-activation, not per op; they are `rows` of pixels as well. `words` are the matrices of vectors
 * that transformers normalise, activate or add, `rows` too, like those of their softmax.
 */
export function networkLayers(graph: Graph): readonly NetworkLayer[] {
  const shapes = inferShapes(graph);
  const shapeOf = (id: string): Shape => shapes.get(id) as Shape;
  const inBranches = squeezeBranches(graph, shapeOf);
  const normalised = new Set(graph.ops.filter(({ op }) => op === 'batchNorm').flatMap(({ outputs }) => outputs));
  const constants = new Set(graph.ops.filter(({ op }) => op === 'constant').flatMap(({ outputs }) => outputs));
  return graph.ops.flatMap((op) => {
    if (inBranches.has(op) && op.op !== 'conv2d') return [];
    if (op.op === 'activation' && normalised.has(op.inputs[0] as string)) return [];
    const varying = op.inputs.filter((id) => !constants.has(id));
    return layersOf(op, { inputs: varying.map(shapeOf), output: shapeOf(op.outputs[0] as string) });
  });
}

const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);

/** A tensor as rows of vectors, without the batch, as layers of these kinds. */
const rowsOf = (shape: Shape, ...kinds: readonly ('rows' | 'words')[]): readonly NetworkLayer[] => {
  const config = { ROWS: product(shape.slice(1, -1)), CIN: shape.at(-1) as number };
  return kinds.map((kind) => ({ kind, config }));
};

function layersOf(op: Op, { inputs, output }: OpShapes): readonly NetworkLayer[] {
  const shape = inputs[0] ?? output;
  const HW = shape[1] as number;
  const CIN = shape.at(-1) as number;
  switch (op.op) {
    case 'conv2d':
    case 'depthwiseConv2d':
    case 'transposedConv2d':
      return convolutions(op, shape);
    case 'maxPool':
    case 'avgPool':
      return [{ kind: 'pooling', config: { HW, CIN, COUT: CIN, KERNEL_SIZE: op.kernelSize[0], POOL_STRIDES: op.strides[0] } }];
    case 'dense': {
      const ROWS = product(shape.slice(1, -1));
      return [
        shape.length === 2 ? { kind: 'fc', config: { CIN, COUT: op.units } } : { kind: 'dense', config: { ROWS, CIN, COUT: op.units } },
      ];
    }
    case 'matmul':
      return matrixProduct(op.transposeB === true, inputs, output);
    case 'concat': {
      if (shape.length !== 4) return [];
      const [CIN1 = 0, CIN2 = 0, CIN3 = 0, CIN4 = 0] = inputs.map((input) => input.at(-1) as number);
      return [{ kind: 'concat', config: { HW, CIN1, CIN2, CIN3, CIN4 } }];
    }
    case 'split':
      return shape.length === 4 ? [{ kind: 'channel-halves', config: { HW, CIN } }] : [];
    case 'channelShuffle':
      return [{ kind: 'channel-halves', config: { HW, CIN } }];
    case 'mul':
      return inputs.length === 2 && shape.length === 4 ? [{ kind: 'se', config: { HW, CIN } }] : [];
    case 'globalAvgPool':
      return [{ kind: 'global-avgpool', config: { HW, CIN } }];
    case 'add':
      if (inputs.length < 2) return [];
      return shape.length === 4 ? [{ kind: 'add', config: { HW, CIN } }] : rowsOf(shape, 'rows', 'words');
    case 'batchNorm':
    case 'activation':
      if (shape.length === 4) return [{ kind: 'feature-maps', config: { HW, CIN } }, ...rowsOf(shape, 'rows')];
      return shape.length === 3 ? rowsOf(shape, 'rows', 'words') : [];
    case 'layerNorm':
    case 'gelu':
      return rowsOf(shape, 'rows', 'words');
    case 'softmax':
      return rowsOf(shape, 'rows');
    case 'transpose':
      return shape.length === 4 ? [{ kind: 'transpose', config: { ROWS: HW, COLUMNS: shape[2] as number, CIN } }] : [];
    case 'resize':
      return [{ kind: 'resize', config: { HW, CIN, SIZE: output[1] as number } }];
    default:
      return [];
  }
}

type Convolution = Extract<Op, { readonly op: 'conv2d' | 'depthwiseConv2d' | 'transposedConv2d' }>;

function convolutions(op: Convolution, [, H = 1, W = 1, CIN = 1]: Shape): readonly NetworkLayer[] {
  const [KERNEL_H, KERNEL_W] = op.kernelSize;
  const [STRIDE_H, STRIDE_W] = op.strides;
  const window = { KERNEL_H, KERNEL_W, STRIDE_H, STRIDE_W };
  if (op.op === 'transposedConv2d') return [{ kind: 'transposed-conv', config: { H, W, CIN, COUT: op.filters, ...window } }];
  const [DILATION_H, DILATION_W] = op.dilation ?? [1, 1];
  const isSquare = H === W && KERNEL_H === KERNEL_W && STRIDE_H === STRIDE_W && DILATION_H * DILATION_W === 1;
  const squareConfig = (COUT: number) => ({ HW: H, CIN, COUT, KERNEL_SIZE: KERNEL_H, STRIDES: STRIDE_H });
  const dilated = { ...window, DILATION_H, DILATION_W };
  if (op.op === 'depthwiseConv2d') {
    const general: NetworkLayer = { kind: 'dwconv2d', config: { H, W, CIN, MULTIPLIER: op.depthMultiplier ?? 1, ...dilated } };
    return isSquare && (op.depthMultiplier ?? 1) === 1 ? [{ kind: 'dwconv', config: squareConfig(CIN) }, general] : [general];
  }
  if (op.groups > 1) {
    const groups = { GROUPS: op.groups, GROUP_CIN: CIN / op.groups, GROUP_COUT: op.filters / op.groups };
    return [{ kind: 'grouped-conv', config: { H, W, ...groups, ...dilated } }];
  }
  const general: NetworkLayer = { kind: 'conv2d', config: { H, W, CIN, COUT: op.filters, ...dilated } };
  return isSquare ? [{ kind: 'conv', config: squareConfig(op.filters) }, general] : [general];
}

/** Scores of attention, `q k'`, stand for the whole attention as well. */
function matrixProduct(transposeB: boolean, inputs: readonly Shape[], output: Shape): readonly NetworkLayer[] {
  const [a, b] = inputs;
  if (a === undefined || b === undefined) return [];
  const [M, N] = output.slice(-2) as [number, number];
  const [MATRICES, K] = [product(output.slice(0, -2)), a.at(-1) as number];
  const layers: NetworkLayer[] = [{ kind: 'matmul', config: { MATRICES, M, K, N } }];
  if (transposeB && output.length === 4) layers.push({ kind: 'attention', config: { LENGTH: M, HEADS: MATRICES, HEAD_CHANNELS: K } });
  return layers;
}

/** Ops that make the `[n, 1, 1, c]` scale of a squeeze-and-excitation `mul`, back to and with its global pooling. */
function squeezeBranches(graph: Graph, shapeOf: (id: string) => Shape): ReadonlySet<Op> {
  const makers = new Map(graph.ops.flatMap((op) => op.outputs.map((id) => [id, op] as const)));
  const branches = new Set<Op>();
  for (const mul of graph.ops) {
    if (mul.op !== 'mul') continue;
    const scale = shapeOf(mul.inputs[1] as string);
    if (scale.length !== 4 || scale[1] !== 1) continue;
    let op = makers.get(mul.inputs[1] as string);
    while (op !== undefined) {
      branches.add(op);
      op = op.op === 'globalAvgPool' ? undefined : makers.get(op.inputs[0] as string);
    }
  }
  return branches;
}
