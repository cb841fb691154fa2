import { OPERATORS, type Op, type Shape } from '@nnm/core';
import type { ModelNode } from '../../graph/model-graph.ts';
import { fromForm, type Layout } from './layout.ts';
import { type NodeScope, NodeView, Unsayable } from './node-view.ts';
import type { Nothing, Sentence } from './rule.ts';
import { ruleOf } from './rules/index.ts';

/** Why operators have no words in core, where there is more to say than that. */
const REASONS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^(LSTM|GRU|RNN)$/, 'it is a recurrent layer, and how long it takes depends on the runtime’s own loop'],
  [/^If$/, 'which branch runs depends on data'],
  [/^(Loop|Scan)$/, 'how often it runs depends on data'],
  [/(Quantize|QLinear|Integer$|QGemm|MatMulNBits|QAttention)/, 'it is quantised, and nnm’s values are float32'],
];

/** Why a node of an operator that core has no words for is a gap, as a sentence's end. */
export function whyUnknown(operator: string): string {
  const reason = REASONS.find(([pattern]) => pattern.test(operator))?.[1];
  return `${operator} has no equivalent in nnm${reason === undefined ? '' : `: ${reason}`}`;
}

/** The layout that a node needs; undefined when it takes that of its neighbours, or has no words. */
export function neededLayout(node: ModelNode, scope: NodeScope): Layout | undefined {
  const { layout } = ruleOf(node.operator) ?? {};
  if (typeof layout !== 'function') return layout;
  try {
    return layout(new NodeView(node, scope, 'image'));
  } catch (error) {
    if (error instanceof Unsayable) return undefined;
    throw error;
  }
}

/** A node in core's words with the shapes of its outputs as the op says them. */
export interface SaidNode extends Sentence {
  readonly outputShapes: readonly Shape[];
  readonly same?: undefined;
}

/**
 * Say a node in core's words.
 *
 * @throws {@link Unsayable} when there are none
 * @throws {@link Contradiction} when the file contradicts itself
 */
export function sayNode(view: NodeView): SaidNode | Nothing {
  const sentence = ruleOf(view.operator)?.say?.(view);
  if (sentence === undefined) throw new Unsayable(whyUnknown(view.operator));
  if ('same' in sentence) return sentence;
  const op = { ...sentence.op, inputs: sentence.inputs.map(({ name }) => name), outputs: view.node.outputs } as Op;
  const shapes = sentence.inputs.map(({ shape }) => shape);
  const outputShapes = OPERATORS.get(op.op)?.infer(op, shapes, (problem) => view.gap(`${view.operator} ${problem}`)) ?? [];
  return { ...sentence, outputShapes };
}

/** Shapes of a node's outputs in the file's order of axes, where they can be told. */
export function inferNode(node: ModelNode, scope: NodeScope): readonly (Shape | undefined)[] {
  const view = new NodeView(node, scope, neededLayout(node, scope) ?? 'plain');
  try {
    const shapes = ruleOf(node.operator)?.shapes?.(view);
    if (shapes !== undefined) return shapes;
    const said = sayNode(view);
    if (said.same !== undefined) return [scope.tensors.get(said.same)?.shape];
    const rank = view.shape(0).length;
    return said.outputShapes.map((shape) => (said.plainOutputs ? shape : fromForm(shape, rankOf(shape, rank, view.layout), view.layout)));
  } catch (error) {
    if (error instanceof Unsayable) return [];
    throw error;
  }
}

/** Axes in the file of a value that an op says: an op that keeps its input's axes says a sequence as an image of height 1. */
const rankOf = (shape: Shape, inputRank: number, layout: Layout): number =>
  layout === 'image' && inputRank === 3 && shape.length === 4 ? 3 : shape.length;
