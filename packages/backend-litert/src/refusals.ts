import { type Graph, inferShapes, type Op, resolveAxis, resolvePadding, type Shape, UnsupportedOperatorError } from '@nnm/core';

/** Why a delegate of LiteRT takes an op and computes it wrong, or undefined where it is right. */
type Wrong = (op: Op, input: Shape) => string | undefined;

/** Of the XNNPACK in LiteRT.js 2.5.3, whose answer is then that of another row. */
export const wrongOnCpu: Wrong = (op, [, h = 1, w = 1]) => {
  if (op.op !== 'avgPool' || op.padding !== 'same') return undefined;
  const { top } = resolvePadding('same', 'tensorflow', [h, w], op.kernelSize, op.strides);
  const [kernel, stride] = [op.kernelSize[0], op.strides[0]];
  const starts = Array.from({ length: Math.ceil(h / stride) }, (_, row) => row * stride - top);
  const isAround = starts.some((start) => start < 0 && start + kernel > h);
  const isWrong = stride > 1 && isAround && starts.some((start) => start > 0) && !starts.includes(0);
  return isWrong ? 'of windows that are higher than their image it is right with a stride of 1, or explicit padding' : undefined;
};

/** Of the GPU delegate in LiteRT.js 2.5.3, on SwiftShader in Chromium 156. */
export const wrongOnGpu: Wrong = (op, [n = 1, ...rest]) => {
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
};

/**
 * Refuse what would run and be wrong.
 *
 * @throws {@link UnsupportedOperatorError} naming the operator
 */
export function refuseWrong(backend: string, graph: Graph, wrong: Wrong): void {
  const shapes = inferShapes(graph);
  for (const op of graph.ops) {
    const reason = wrong(op, shapes.get(op.inputs[0]!) ?? []);
    if (reason !== undefined) throw new UnsupportedOperatorError({ backend, graph: graph.name, operator: op.op, reason });
  }
}
