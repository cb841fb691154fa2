import { type Graph, inferShapes, NnmError, type Op, type Shape } from '@nnm/core';

/** An op with the shapes of what it takes, as `LiftedOp` has them. */
interface ShapedOp {
  readonly op: Op;
  readonly inputShapes: readonly Shape[];
  readonly constantInputs: readonly number[];
}

/** What core says of an op that it would not build; undefined when it would. */
export function opProblem({ op, inputShapes, constantInputs }: ShapedOp): string | undefined {
  const given = inputShapes.map((shape, at) => ({ id: `in${at}`, shape }));
  const constants = given.filter((_, at) => constantInputs.includes(at));
  const graph = {
    schemaVersion: 1,
    name: 'op',
    seed: 0,
    // A graph has an input; an op on constants has none.
    inputs: [{ id: 'other', shape: [1] }, ...given.filter((_, at) => !constantInputs.includes(at))],
    ops: [
      ...constants.map(({ id, shape }) => ({ op: 'constant', inputs: [], outputs: [id], shape, center: 0, spread: 1 })),
      { ...op, inputs: given.map(({ id }) => id), outputs: op.outputs.map((_, index) => `out${index}`) },
    ],
    outputs: ['out0'],
  } as unknown as Graph;
  try {
    inferShapes(graph);
    return undefined;
  } catch (error) {
    if (NnmError.isInstance(error)) return String(error.details.problem);
    throw error;
  }
}
