import { drawWeights, type Op } from '@nnm/core';
import type { LoweringContext } from './context.ts';

/** The elements of a `constant` op. */
export const drawConstant = (op: Op, { graph, shapes }: Pick<LoweringContext, 'graph' | 'shapes'>): Float32Array =>
  drawWeights(graph, op, shapes).value!.data;
