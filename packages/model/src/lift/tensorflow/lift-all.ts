import type { Shape } from '@nnm/core';
import type { ModelGraph, ModelTensor } from '../../graph/model-graph.ts';
import { InvalidModelError } from '../../read/errors.ts';
import type { Gap, LiftedModel, LiftedOp, OpOrGap } from '../lifted-model.ts';
import { composeOps } from './compose-ops.ts';
import type { Dialect } from './dialect.ts';
import { liftNode } from './lift-node.ts';

/**
 * Every node of a model, by a dialect, then what together is one operator.
 *
 * @throws {@link InvalidModelError} when the model says another shape than its operators have
 */
export function liftAll(model: ModelGraph, dialect: Dialect): LiftedModel {
  const ops = model.nodes.flatMap((node, position): readonly OpOrGap[] => {
    const lifted = liftNode(dialect, node, position, model.tensors);
    if ('gap' in lifted) return [lifted as Gap];
    const { outputShapes = [] } = lifted.at(-1) ?? {};
    for (const [index, name] of node.outputs.entries()) checkShape(model, node.name, model.tensors.get(name)!, outputShapes[index]!);
    return lifted as readonly LiftedOp[];
  });
  return {
    model,
    implement: 'tensorflow',
    batchSize: model.tensors.get(model.inputs[0] ?? '')?.shape?.[0] ?? 1,
    ops: composeOps(ops, model),
  };
}

/** A number without axes is said with some of one element. */
function checkShape(model: ModelGraph, node: string, { name, shape }: ModelTensor, inferred: Shape): void {
  const isNumber = shape?.length === 0 && inferred.every((size) => size === 1);
  if (shape === undefined || isNumber || shape.join() === inferred.join()) return;
  throw new InvalidModelError({
    file: model.name,
    problem: `contradicts itself: "${name}" is said to be [${shape.join(', ')}], and ${node} makes it [${inferred.join(', ')}]`,
  });
}
