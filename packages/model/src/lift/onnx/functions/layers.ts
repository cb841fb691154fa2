import { countElements } from '@nnm/core';
import type { ModelNode } from '../../../graph/model-graph.ts';
import type { Spelling } from './spelling.ts';

/** `MatMul` with constant weights of two axes, and `Add` with a constant per unit. */
const dense: Spelling = (match, anchor) => {
  if (anchor.operator !== 'Add') return undefined;
  const product = match.maker(
    match.beside(anchor, (name) => match.isConstant(name)),
    'MatMul',
  );
  const [x, weights] = product?.inputs ?? [];
  const shape = match.tensor(weights)?.shape;
  const bias = anchor.inputs.find((name) => name !== product?.outputs[0]);
  const isBias = countElements(match.tensor(bias)?.shape ?? []) === shape?.[1] && (match.tensor(bias)?.shape?.at(-1) ?? 0) === shape?.[1];
  const hasRows = (match.tensor(x)?.shape?.length ?? 0) >= 2;
  if (x === undefined || shape?.length !== 2 || !match.isConstant(weights) || !isBias || !hasRows) return undefined;
  return { ...anchor, operator: 'nnm::Dense', attributes: {}, inputs: [x, weights as string, bias as string] };
};

/** `MatMul` with an operand whose last two axes were swapped before. */
const matMulTransposed: Spelling = (match, anchor) => {
  if (anchor.operator !== 'MatMul') return undefined;
  const [a, b] = anchor.inputs.map((name) => {
    const swap = match.tensor(name)?.constant ? undefined : match.maker(name, 'Transpose');
    return swap !== undefined && isSwap(swap) ? (swap.inputs[0] as string) : name;
  });
  const [transA, transB] = [a !== anchor.inputs[0], b !== anchor.inputs[1]];
  const isAll = match.positions.length === 1 + Number(transA) + Number(transB);
  if ((!transA && !transB) || !isAll) return undefined;
  return { ...anchor, operator: 'nnm::MatMul', attributes: { transA: Number(transA), transB: Number(transB) }, inputs: [a, b] as string[] };
};

function isSwap({ attributes }: ModelNode): boolean {
  const order = Array.isArray(attributes.perm) ? attributes.perm.map(Number) : [];
  const last = order.length - 1;
  return last > 0 && order.every((axis, at) => axis === (at === last ? last - 1 : at === last - 1 ? last : at));
}

/** `GlobalAveragePool` whose two axes of size 1 are taken away. */
const pooledVector: Spelling = (match, anchor) => {
  if (!['Flatten', 'Reshape', 'Squeeze'].includes(anchor.operator)) return undefined;
  const pool = match.maker(anchor.inputs[0], 'GlobalAveragePool');
  const shape = match.tensor(pool?.inputs[0])?.shape;
  if (pool === undefined || shape?.length !== 4 || match.tensor(anchor.outputs[0])?.shape?.join() !== shape.slice(0, 2).join())
    return undefined;
  return { ...anchor, operator: 'nnm::GlobalAveragePool', attributes: {}, inputs: pool.inputs };
};

/** Indices of the largest values, as numbers. */
const argMax: Spelling = (match, anchor) => {
  if (anchor.operator !== 'Cast' || match.tensor(anchor.outputs[0])?.dtype !== 'float32') return undefined;
  const indices = match.maker(anchor.inputs[0], 'ArgMax');
  return indices && { ...indices, operator: 'nnm::ArgMax', outputs: anchor.outputs };
};

export const LAYERS: readonly Spelling[] = [dense, matMulTransposed, pooledVector, argMax];
