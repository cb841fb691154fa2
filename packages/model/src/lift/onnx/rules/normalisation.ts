import type { NodeView } from '../node-view.ts';
import type { Rules, Sentence } from '../rule.ts';
import { lastIsMinusOne } from './reductions.ts';

/** `gamma` and `beta` are constants that the op keeps. */
function needConstants(node: NodeView, ...indices: readonly number[]): void {
  for (const index of indices) if (node.has(index)) node.needConstant(index, 'scales or shifts');
}

function sayBatchNorm(node: NodeView): Sentence {
  needConstants(node, 1, 2, 3, 4);
  if (node.number('training_mode', 0) === 1) node.gap('BatchNormalization in training has no equivalent in nnm');
  return { op: { op: 'batchNorm', epsilon: node.number('epsilon', 1e-5) }, inputs: [node.operand(0)] };
}

function sayLayerNorm(node: NodeView): Sentence {
  needConstants(node, 1, 2);
  if (node.usesOutput(1) || node.usesOutput(2)) node.gap(`${node.operator} that gives mean or deviation has no equivalent in nnm`);
  const axis = node.axis(node.number('axis', -1), node.shape(0).length) - node.shape(0).length;
  return { op: { op: 'layerNorm', axis, epsilon: node.number('epsilon', 1e-5) }, inputs: [node.operand(0)] };
}

function sayRmsNorm(node: NodeView): Sentence {
  needConstants(node, 1);
  const rank = node.shape(0).length;
  if (node.axis(node.number('axis', -1), rank) !== rank - 1) node.gap(`${node.operator} over several axes has no equivalent in nnm`);
  return { op: { op: 'rmsNorm', epsilon: node.number('epsilon', 1e-5) }, inputs: [node.operand(0)] };
}

function sayInstanceNorm(node: NodeView): Sentence {
  needConstants(node, 1, 2);
  return { op: { op: 'instanceNorm', epsilon: node.number('epsilon', 1e-5) }, inputs: [node.operand(0)] };
}

function sayGroupNorm(node: NodeView): Sentence {
  needConstants(node, 1, 2);
  const groups = node.number('num_groups', undefined) ?? node.number('groups', undefined) ?? node.wrong('has no num_groups');
  return { op: { op: 'groupNorm', groups, epsilon: node.number('epsilon', 1e-5) }, inputs: [node.operand(0)] };
}

function sayLpNormalization(node: NodeView): Sentence {
  if (node.number('p', 2) !== 2) node.gap('LpNormalization with p other than 2 has no equivalent in nnm');
  return sayL2Normalize(node, 1e-12);
}

function sayL2Normalize(node: NodeView, epsilon: number): Sentence {
  const axis = node.axis(node.number('axis', -1), node.shape(0).length);
  return { op: { op: 'l2Normalize', axis: lastIsMinusOne(axis, node), epsilon }, inputs: [node.operand(0)] };
}

const layerNorm = { layout: 'plain', say: sayLayerNorm } as const;
const rmsNorm = { layout: 'plain', say: sayRmsNorm } as const;

export const NORMALISATIONS: Rules = {
  BatchNormalization: { layout: 'image', say: sayBatchNorm },
  LayerNormalization: layerNorm,
  'com.microsoft::LayerNormalization': layerNorm,
  RMSNormalization: rmsNorm,
  SimplifiedLayerNormalization: rmsNorm,
  'com.microsoft::SimplifiedLayerNormalization': rmsNorm,
  InstanceNormalization: { layout: 'image', say: sayInstanceNorm },
  GroupNormalization: { layout: 'image', say: sayGroupNorm },
  LpNormalization: { say: sayLpNormalization },
  'nnm::L2Normalize': { say: (node) => sayL2Normalize(node, node.number('epsilon', 1e-12)) },
};
