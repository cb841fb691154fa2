import type { LiftedOp, OpOrGap } from '../lifted-model.ts';
import type { LiftedGraph } from './lifted-graph.ts';

/**
 * A cast of indices to floats with the search that made them, and a reshape between that keeps the axis: the values of the kernel graph
 * are floats, and so are its indices.
 */
export function joinIndexCast(
  graph: LiftedGraph,
  position: number,
): { readonly ops: readonly OpOrGap[]; readonly from: readonly number[] } | undefined {
  const cast = graph.at(position);
  if (cast.gap === undefined || graph.operator(cast) !== 'CAST') return undefined;
  const before = graph.soleMaker(cast.inputs[0]!, position);
  const reshape = before === undefined ? undefined : graph.op(before, 'reshape');
  const search = reshape === undefined ? before : graph.soleMaker(reshape.op.inputs[0]!, before!);
  const argMax = search === undefined ? undefined : graph.op(search, 'argMax');
  if (argMax === undefined) return undefined;
  const kept = argMax.inputShapes[0]!.map((size, axis) => (axis === argMax.op.axis ? 1 : size));
  if (reshape !== undefined && reshape.outputShapes[0]!.join() !== kept.join()) return undefined;
  const from = [search!, ...(reshape === undefined ? [] : [before!]), position];
  const joined: LiftedOp = {
    ...argMax,
    nodes: from.flatMap((at) => graph.at(at).nodes),
    op: { ...argMax.op, keepDims: reshape !== undefined || argMax.op.keepDims, outputs: cast.outputs },
    outputShapes: reshape?.outputShapes ?? argMax.outputShapes,
  };
  return { ops: [joined], from };
}
