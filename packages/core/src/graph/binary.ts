import { broadcastShapes, combineBroadcast } from './broadcast.ts';
import type { OpBase, Operator } from './operator.ts';
import { countElements, type Shape } from './values.ts';

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
      const shape = broadcastShapes(a!, b!);
      // Neither side of a scale is stretched on purpose yet: see the shape rule of `mul`.
      const isScale = op === 'mul' && a!.length === 4 && b!.join() === [a![0], 1, 1, a![3]].join();
      if (shape === undefined || !(a!.join() === b!.join() || isScale)) fail(`joins [${a!.join(', ')}] and [${b!.join(', ')}]`);
      return [shape as Shape];
    },
    flops: (_, __, [output]) => countElements(output as Shape),
    compute: (_, { inputs: [a, b], shapes: [shape] }) => [combineBroadcast(a!, b!, shape!, compute)],
  };
}
