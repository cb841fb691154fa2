import { Rng } from '../random/index.ts';
import { DrawnTensor } from './drawn-tensor.ts';
import type { Shapes } from './infer-shapes.ts';
import type { WeightSpec } from './operator.ts';
import { operatorOf } from './operators.ts';
import type { Graph, Op, Shape } from './types.ts';

export type { OpWeights, WeightTensor } from './operator.ts';

/** The drawn constants of an op by name. */
export type DrawnWeights = Readonly<Record<string, DrawnTensor>>;

/**
 * Draw the constants of one op.
 *
 * Kernels are uniform with variance `2 / fanIn` (He), batch-norm scales near 1, biases and means near 0, so that activations
 * of deep networks stay finite, normal numbers. Values depend on the graph's seed and the op's output name only and are the
 * same on every platform. Each constant is drawn when its values are first asked for.
 *
 * @param shapes - from `inferShapes(graph)`
 * @returns `kernel`: `[kh, kw, cin / groups, filters]` (conv2d), `[kh, kw, c]` (depthwiseConv2d), `[c, units]` (dense);
 * `bias`: `[filters]`; batch norm: `gamma beta mean variance`, each `[c]`; what other operators have stands with their ops;
 * `{}` for ops without constants
 */
export function drawWeights(graph: Graph, op: Op, shapes: Shapes): DrawnWeights {
  const rng = new Rng(graph.seed).fork(op.outputs[0] as string);
  const specs = Object.entries(weightSpecs(op, shapes));
  return Object.fromEntries(specs.map(([name, spec]) => [name, new DrawnTensor(spec.shape, spec, rng.fork(name))]));
}

/** Constants an op has, by name, with their shapes; the same names and order as {@link drawWeights}. */
export function weightShapes(op: Op, shapes: Shapes): Readonly<Record<string, Shape>> {
  return Object.fromEntries(Object.entries(weightSpecs(op, shapes)).map(([name, { shape }]) => [name, shape]));
}

/** Constants an op has, by name, as they are to be drawn. */
export function weightSpecs(op: Op, shapes: Shapes): Readonly<Record<string, WeightSpec>> {
  const inputs = op.inputs.map((id) => shapes.get(id) as Shape);
  return operatorOf(op).weights?.(op, inputs) ?? {};
}
