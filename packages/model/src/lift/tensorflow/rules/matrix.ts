import { countElements } from '@nnm/core';
import type { Rules, Saying, TensorFlowNode } from '../tensorflow-node.ts';

/** Weights `[units, c]`; without `keep_num_dims` the axes before the last become one, whatever the input's are. */
function fullyConnected(node: TensorFlowNode): Saying {
  const given = node.shape(0);
  const weights = node.shape(1);
  const [units, channels] = weights as readonly [number, number];
  if (!node.isConstant(1)) return { op: 'matmul', inputs: [node.input(0), node.input(1)], transposeB: true };
  const rows = countElements(given) / channels;
  if (!Number.isInteger(rows)) node.gap(`has weights [${weights.join(', ')}] for [${given.join(', ')}]`);
  const keeps = node.flag('keep_num_dims') && given.at(-1) === channels && given.length > 1;
  const shape = keeps ? given : [rows, channels];
  return { op: 'dense', units, useBias: node.has(2), ...(shape.join() !== given.join() && { as: shape }) };
}

function batchMatmul(node: TensorFlowNode): Saying {
  return {
    op: 'matmul',
    inputs: [node.input(0), node.input(1)],
    ...(node.flag('adj_x') && { transposeA: true }),
    ...(node.flag('adj_y') && { transposeB: true }),
  };
}

export const matrixRules: Rules = { FULLY_CONNECTED: fullyConnected, BATCH_MATMUL: batchMatmul };
