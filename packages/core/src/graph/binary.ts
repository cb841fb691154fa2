import { broadcastShapes, combineBroadcast } from './broadcast.ts';
import type { EdgeWriters, OpBase, Operator } from './operator.ts';
import { countElements, type Shape, type ValueId } from './values.ts';

/** An operator of two values, element by element, broadcast as NumPy does. */
export function defineBinary<O extends OpBase, M>(
  op: O['op'],
  compute: (a: number, b: number) => number,
  methods: Operator<O, M>['methods'],
): Operator<O, M> {
  return {
    op,
    inputs: 2,
    attributes: {} as Operator<O, M>['attributes'],
    methods,
    infer(_, [a, b], fail) {
      return [broadcastShapes(a!, b!) ?? fail(`joins [${a!.join(', ')}] and [${b!.join(', ')}], which do not broadcast`)];
    },
    flops: (_, __, [output]) => countElements(output as Shape),
    compute: (_, { inputs: [a, b], shapes: [shape] }) => [combineBroadcast(a!, b!, shape!, compute)],
    edges: broadcastEdges<M>(op),
  };
}

/** Shapes that broadcast, with constants and without; operands are positive, so that every operator is defined. */
function broadcastEdges<M>(op: string): EdgeWriters<M> {
  const pairs: Readonly<Record<string, readonly [Shape, Shape]>> = {
    'vectors of one axis': [[6], [6]],
    'two sequences': [
      [2, 5, 3],
      [2, 5, 3],
    ],
    'a sequence and one row': [
      [2, 5, 3],
      [1, 3],
    ],
    'an image and a row of it': [
      [2, 3, 4, 5],
      [4, 5],
    ],
    'an image and a value per pixel': [
      [2, 3, 4, 5],
      [2, 3, 4, 1],
    ],
    'an image and a value per column': [
      [1, 3, 4, 5],
      [4, 1],
    ],
    'both stretched': [
      [2, 1, 3],
      [4, 1],
    ],
    'a smaller first operand': [[3], [2, 4, 4, 3]],
    'five axes, one stretched': [
      [2, 3, 2, 3, 2],
      [3, 1, 3, 2],
    ],
    'five axes, both stretched': [
      [2, 1, 2, 3, 2],
      [4, 1, 3, 2],
    ],
    'five axes': [
      [2, 1, 2, 3, 2],
      [2, 1, 2, 3, 2],
    ],
  };
  const constants: Readonly<Record<string, readonly [Shape, Shape]>> = {
    'a constant per channel': [[2, 4, 4, 3], [3]],
    'a constant per channel of a sequence': [[2, 4, 3], [3]],
    'a constant tensor': [
      [1, 4, 2, 3],
      [1, 4, 2, 3],
    ],
    'a constant per row': [
      [1, 4, 2, 3],
      [4, 1, 1],
    ],
  };
  type Writer = EdgeWriters<M>[string];
  const write = (g: Parameters<Writer>[0], a: ValueId, b: ValueId): ValueId =>
    (g as unknown as Readonly<Record<string, (a: ValueId, b: ValueId) => ValueId>>)[op]!(a, b);
  const values = { center: 1, spread: 0.5 };
  return Object.fromEntries<Writer>([
    ...Object.entries(pairs).map(([name, [a, b]]): [string, Writer] => [`${op}, ${name}`, (g) => write(g, g.positive(a), g.positive(b))]),
    ...Object.entries(constants).map(([name, [a, b]]): [string, Writer] => [
      `${op}, ${name}`,
      (g) => write(g, g.positive(a), g.constant(b, values)),
    ]),
    [`${op}, a number`, (g) => write(g, g.positive([2, 3, 3, 2]), g.constant(1.5))],
    [`${op}, five axes and a number`, (g) => write(g, g.positive([2, 1, 3, 1, 2]), g.constant(2))],
    [`${op}, a number first`, (g) => write(g, g.constant(1.5), g.positive([2, 3]))],
  ]);
}
