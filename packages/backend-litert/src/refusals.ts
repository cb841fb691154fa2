import { type Graph, inferShapes, type Op, resolveAxis, type Shape, UnsupportedOperatorError } from '@nnm/core';

/** What LiteRT's GPU delegate takes and computes wrong (2.5.3, SwiftShader in Chromium 156): why, or undefined where it is right. */
function wrongAbout(op: Op, [n = 1, ...rest]: Shape): string | undefined {
  switch (op.op) {
    case 'argMax': {
      // Channels are computed four at a time, and those that fill up the last four take part.
      const axis = resolveAxis(op.axis, rest.length + 1);
      const isOverChannels = axis === rest.length && rest.at(-1)! % 4 !== 0;
      return isOverChannels ? 'along the last axis it is right about multiples of 4 alone' : undefined;
    }
    case 'depthToSpace':
    case 'spaceToDepth':
      return n > 1 ? 'it is right about a batch of 1 alone' : undefined;
    case 'transposedConv2d': {
      const [kernel, strides] = [op.kernelSize.join(), op.strides.join()];
      const isRight = strides === '1,1' || (strides === '2,2' && (kernel === '2,2' || kernel === '4,4'));
      return isRight ? undefined : 'it is right with strides of 1, and with strides of 2 and a window of 2 or 4';
    }
    default:
      return undefined;
  }
}

/**
 * Refuse what would run and be wrong.
 *
 * @throws {@link UnsupportedOperatorError} naming the operator
 */
export function refuseWrong(backend: string, graph: Graph): void {
  const shapes = inferShapes(graph);
  for (const op of graph.ops) {
    const reason = wrongAbout(op, shapes.get(op.inputs[0]!) ?? []);
    if (reason !== undefined) throw new UnsupportedOperatorError({ backend, graph: graph.name, operator: op.op, reason });
  }
}
