import type { Op } from '@nnm/core';

/** The name that an activation has within a fused node; undefined for one that the converter does not fuse. */
export function fusedActivation(op: Op): string | undefined {
  switch (op.op) {
    case 'activation':
      return op.function === 'relu' ? 'Relu' : op.function === 'relu6' ? 'Relu6' : undefined;
    case 'elu':
      return op.alpha === 1 ? 'Elu' : undefined;
    case 'leakyRelu':
      return 'LeakyRelu';
    case 'prelu':
      return 'Prelu';
    default:
      return undefined;
  }
}
