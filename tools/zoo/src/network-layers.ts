import { type Graph, inferShapes, type Op, type Shape } from '@nnm/core';

/** Kinds of layers that kernels are sampled like; the names are those of the prior tables. */
export type LayerKind =
  | 'conv'
  | 'dwconv'
  | 'pooling'
  | 'fc'
  | 'concat'
  | 'channel-halves'
  | 'se'
  | 'global-avgpool'
  | 'add'
  | 'feature-maps';

/** One layer of a network, as the kernel configuration that stands for it. */
export interface NetworkLayer {
  readonly kind: LayerKind;
  readonly config: Readonly<Record<string, number>>;
}

/**
 * The layers of a network as kernel configurations, in execution order.
 *
 * A convolution with what follows it (batch normalisation, activation) is one layer. A squeeze-and-excitation branch is one
 * `se` layer, its pooling and 1x1 convolutions are not layers of their own. `channel-halves` are splits and channel shuffles.
 * `feature-maps` are the images that are batch-normalised or activated, one per convolution or pre-activation, not per op.
 */
export function networkLayers(graph: Graph): readonly NetworkLayer[] {
  const shapes = inferShapes(graph);
  const shapeOf = (id: string): Shape => shapes.get(id) as Shape;
  const branches = squeezeBranches(graph, shapeOf);
  const normalised = new Set(graph.ops.filter(({ op }) => op === 'batchNorm').flatMap(({ outputs }) => outputs));
  return graph.ops
    .filter((op) => !branches.has(op))
    .flatMap((op) => {
      const inputs = op.inputs.map(shapeOf);
      const followsBatchNorm = op.op === 'activation' && normalised.has(op.inputs[0] as string);
      return followsBatchNorm ? [] : layerOf(op, inputs);
    });
}

function layerOf(op: Op, inputs: readonly Shape[]): readonly NetworkLayer[] {
  const shape = inputs[0] as Shape;
  const HW = shape[1] as number;
  const CIN = shape.at(-1) as number;
  switch (op.op) {
    case 'conv2d':
      return [{ kind: 'conv', config: { HW, CIN, COUT: op.filters, KERNEL_SIZE: op.kernelSize[0], STRIDES: op.strides[0] } }];
    case 'depthwiseConv2d':
      return [{ kind: 'dwconv', config: { HW, CIN, COUT: CIN, KERNEL_SIZE: op.kernelSize[0], STRIDES: op.strides[0] } }];
    case 'maxPool':
    case 'avgPool':
      return [{ kind: 'pooling', config: { HW, CIN, COUT: CIN, KERNEL_SIZE: op.kernelSize[0], POOL_STRIDES: op.strides[0] } }];
    case 'dense':
      return [{ kind: 'fc', config: { CIN, COUT: op.units } }];
    case 'concat': {
      const [CIN1 = 0, CIN2 = 0, CIN3 = 0, CIN4 = 0] = inputs.map((input) => input.at(-1) as number);
      return [{ kind: 'concat', config: { HW, CIN1, CIN2, CIN3, CIN4 } }];
    }
    case 'split':
    case 'channelShuffle':
      return [{ kind: 'channel-halves', config: { HW, CIN } }];
    case 'mul':
      return [{ kind: 'se', config: { HW, CIN } }];
    case 'globalAvgPool':
      return [{ kind: 'global-avgpool', config: { HW, CIN } }];
    case 'add':
      return [{ kind: 'add', config: { HW, CIN } }];
    case 'batchNorm':
    case 'activation':
      return shape.length === 4 ? [{ kind: 'feature-maps', config: { HW, CIN } }] : [];
    // Movements, and operators of networks that no kernel is sampled like yet.
    default:
      return [];
  }
}

/** Ops that make the `[n, 1, 1, c]` scale of a squeeze-and-excitation `mul`, back to and with its global pooling. */
function squeezeBranches(graph: Graph, shapeOf: (id: string) => Shape): ReadonlySet<Op> {
  const makers = new Map(graph.ops.flatMap((op) => op.outputs.map((id) => [id, op] as const)));
  const branches = new Set<Op>();
  for (const mul of graph.ops) {
    if (mul.op !== 'mul' || shapeOf(mul.inputs[1] as string)[1] !== 1) continue;
    let op = makers.get(mul.inputs[1] as string);
    while (op !== undefined) {
      branches.add(op);
      op = op.op === 'globalAvgPool' ? undefined : makers.get(op.inputs[0] as string);
    }
  }
  return branches;
}
