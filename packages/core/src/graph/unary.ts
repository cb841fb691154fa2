import type { EdgeWriters, OpBase, Operator } from './operator.ts';
import { countElements, type Shape, type ValueId } from './values.ts';

/** An operator of one value, element by element. */
export function defineUnary<O extends OpBase, M>(
  op: O['op'],
  {
    attributes,
    methods,
    lastArgument,
    flops = 1,
    compute,
    positive = false,
    edges,
  }: Pick<Operator<O, M>, 'attributes' | 'methods' | 'lastArgument'> & {
    /** Operations per element; default 1. */
    readonly flops?: number;
    readonly compute: (x: number, op: O) => number;
    /** True for one that positive numbers are for; default false. */
    readonly positive?: boolean;
    /** Its own corners; without them it is run with nothing but its input. */
    readonly edges?: EdgeWriters<M>;
  },
): Operator<O, M> {
  return {
    op,
    attributes,
    methods,
    ...(lastArgument && { lastArgument }),
    infer: (_, inputs) => inputs,
    flops: (_, __, [output]) => flops * countElements(output as Shape),
    compute: (given, { inputs: [x] }) => [{ shape: x!.shape, data: x!.data.map((value) => compute(value, given)) }],
    edges: edges ?? plainEdges<M>(op, positive),
  };
}

/** The operator on values of one to five axes. */
function plainEdges<M>(op: string, positive: boolean): EdgeWriters<M> {
  const shapes = [[7], [2, 5], [2, 3, 4], [2, 3, 3, 4], [1, 2, 2, 3, 2]];
  return Object.fromEntries(
    shapes.map((shape) => [
      `${op} of ${shape.length} ${shape.length === 1 ? 'axis' : 'axes'}`,
      (g) => (g as unknown as Readonly<Record<string, (x: ValueId) => ValueId>>)[op]!(positive ? g.positive(shape) : g.input(shape)),
    ]),
  );
}
