import type { Op } from '@nnm/core';
import type { ModelGraph, ModelNode } from '../../graph/model-graph.ts';
import { InvalidModelError } from '../../read/errors.ts';
import type { Gap, LiftedModel, LiftedOp, OpOrGap } from '../lifted-model.ts';
import { opProblem } from '../op-problem.ts';
import { assignLayouts } from './assign-layouts.ts';
import { findFunctions } from './functions/find-functions.ts';
import type { Unit } from './functions/spelling.ts';
import type { Layout } from './layout.ts';
import { Contradiction, NodeView, Unsayable } from './node-view.ts';
import { Renames } from './renames.ts';
import { neededLayout, type SaidNode, sayNode } from './say-node.ts';

/** Most axes of a value in core. */
const MOST_AXES = 5;

/**
 * Say an ONNX model in core's words. What is spelled out and has a word, such as gelu, is one op; what does nothing is left out, and whatever read it
 * reads its input.
 *
 * @throws {@link InvalidModelError} when nodes contradict their inputs
 */
export function liftOnnx(model: ModelGraph): LiftedModel {
  try {
    return lift(model);
  } catch (error) {
    if (error instanceof Contradiction) throw new InvalidModelError({ file: model.name, problem: `has ${error.message}` });
    throw error;
  }
}

function lift(model: ModelGraph): LiftedModel {
  const renames = new Renames(model);
  const single = model.nodes.map((node, index): Unit => ({ nodes: [index], node })).filter(({ node }) => !isNothing(node, model, renames));
  const units = findFunctions(
    single.map(({ nodes, node }) => ({ nodes, node: renames.apply(node) })),
    model,
  );
  const nodes = units.map(({ node }) => node);
  const needed = nodes.map((node) => neededLayout(node, model));
  const layouts = assignLayouts(nodes, needed, model.tensors);
  const ops = units.map((unit, index) => liftUnit(unit, layouts[index] as Layout, model));
  return { model, implement: 'torch', batchSize: batchOf(model), ops };
}

/** True for a node that a runtime drops: what it makes gets the name of what it reads. */
function isNothing(node: ModelNode, model: ModelGraph, renames: Renames): boolean {
  try {
    const said = sayNode(new NodeView(node, model, 'plain'));
    if (said.same === undefined) return false;
    renames.join(node.outputs[0] as string, said.same);
    return true;
  } catch (error) {
    if (error instanceof Unsayable || error instanceof Contradiction) return false;
    throw error;
  }
}

function liftUnit({ nodes, node }: Unit, layout: Layout, model: ModelGraph): OpOrGap {
  const gap = (why: string): Gap => ({
    nodes,
    gap: why,
    inputs: node.inputs.filter((name) => name !== ''),
    outputs: node.outputs.filter((name) => name !== ''),
  });
  const view = new NodeView(node, model, layout);
  try {
    const said = sayNode(view) as SaidNode;
    const other = otherType(node, model);
    if (other !== undefined) return gap(`${node.operator} of ${other} has no equivalent in nnm, whose values are float32`);
    const constantInputs = said.inputs.flatMap(({ name }, index) => (model.tensors.get(name)?.constant ? [index] : []));
    const beyond = beyondCore(said, constantInputs);
    if (beyond !== undefined) return gap(`${node.operator} ${beyond}`);
    const lifted: LiftedOp = {
      nodes,
      op: {
        ...said.op,
        inputs: said.inputs.map(({ name }) => name),
        outputs: node.outputs.filter((name) => name !== '').slice(0, said.outputShapes.length),
      } as Op,
      inputShapes: said.inputs.map(({ shape }) => shape),
      outputShapes: said.outputShapes,
      constantInputs,
    };
    const problem = opProblem(lifted);
    return problem === undefined ? lifted : gap(`${node.operator} cannot be said in nnm’s operators: ${problem}`);
  } catch (error) {
    if (error instanceof Unsayable) return gap(error.message);
    throw error;
  }
}

/** Operators that only give elements another shape are the same for every type of element. */
const ANY_TYPE = /^(Reshape|Squeeze|Unsqueeze|Flatten)$/;

/** The type of an input that is not float32 and is not known before the model runs. */
function otherType({ operator, inputs }: ModelNode, { tensors }: ModelGraph): string | undefined {
  if (ANY_TYPE.test(operator)) return undefined;
  const other = inputs
    .map((name) => tensors.get(name))
    .find((tensor) => tensor !== undefined && !tensor.constant && tensor.dtype !== 'float32');
  return other?.dtype;
}

/** What is wrong with shapes that core's values cannot have. */
function beyondCore({ inputs, outputShapes }: SaidNode, constantInputs: readonly number[]): string | undefined {
  const dynamic = [...inputs.filter((_, index) => !constantInputs.includes(index)).map(({ shape }) => shape), ...outputShapes];
  if ([...inputs.map(({ shape }) => shape), ...outputShapes].some((shape) => shape.includes(0)))
    return 'has a value without elements, which nnm does not have';
  if (dynamic.some(({ length }) => length === 0)) return 'has a single number as a value, and values of nnm have an axis at least';
  const most = Math.max(...dynamic.map(({ length }) => length));
  return most > MOST_AXES ? `has a value of ${most} axes, and values of nnm have at most ${MOST_AXES}` : undefined;
}

/** Size of the first axis of the first input that has several. */
function batchOf({ inputs, tensors }: ModelGraph): number {
  const shapes = inputs.map((name) => tensors.get(name)?.shape ?? []);
  return shapes.find(({ length }) => length > 1)?.[0] ?? 1;
}
