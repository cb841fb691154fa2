import type { Rules, TensorFlowNode } from '../tensorflow-node.ts';

const window = (node: TensorFlowNode) => ({
  kernelSize: node.pair('filter_height', 'filter_width'),
  strides: node.strides,
  padding: node.padding,
});

export const poolingRules: Rules = {
  AVERAGE_POOL_2D: (node) => ({ op: 'avgPool', ...window(node) }),
  MAX_POOL_2D: (node) => ({ op: 'maxPool', ...window(node) }),
};
