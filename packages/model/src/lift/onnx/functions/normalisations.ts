import { countElements } from '@nnm/core';
import type { ModelNode } from '../../../graph/model-graph.ts';
import type { Match } from './match.ts';
import type { Spelling } from './spelling.ts';

const isMean = ['ReduceMean'] as const;

/** First of the last axes that a reduction goes over, counted from the end; undefined when it goes over others. */
function lastAxesOf(match: Match, mean: ModelNode | undefined): number | undefined {
  const rank = match.tensor(mean?.inputs[0])?.shape?.length;
  if (mean === undefined || rank === undefined || mean.attributes.keepdims === 0) return undefined;
  const given = match.tensor(mean.inputs[1])?.values ?? mean.attributes.axes;
  if (!Array.isArray(given)) return undefined;
  const axes = given.map((axis) => (Number(axis) < 0 ? Number(axis) : Number(axis) - rank)).sort((a, b) => a - b);
  return axes.length > 0 && axes.every((axis, index) => axis === index - axes.length) ? axes[0] : undefined;
}

/** What is squared: by `Pow` with 2, or by itself. */
function squared(match: Match, name: string | undefined): string | undefined {
  const power = match.maker(name, 'Pow');
  if (power !== undefined) return match.number(power.inputs[1]) === 2 ? power.inputs[0] : undefined;
  const product = match.maker(name, 'Mul');
  return product !== undefined && product.inputs[0] === product.inputs[1] ? product.inputs[0] : undefined;
}

interface Root {
  readonly mean: ModelNode;
  readonly epsilon: number;
}

/** `mean` and `epsilon` of `sqrt(mean + epsilon)`. */
function rootOf(match: Match, name: string | undefined): Root | undefined {
  const sum = match.maker(match.maker(name, 'Sqrt')?.inputs[0], 'Add');
  const inner = match.beside(sum, (input) => match.number(input) !== undefined);
  const mean = match.maker(inner, ...isMean);
  const epsilon = match.number(sum?.inputs.find((input) => input !== inner));
  return mean === undefined || epsilon === undefined ? undefined : { mean, epsilon };
}

/** `gamma * (x - mean) / sqrt(variance + epsilon) + beta`. */
const layerNorm: Spelling = (match, anchor) => {
  if (anchor.operator !== 'Add') return undefined;
  const scaled = match.beside(anchor, (name) => match.isConstant(name));
  const product = match.maker(scaled, 'Mul');
  const normal = match.maker(
    match.beside(product, (name) => match.isConstant(name)),
    'Div',
  );
  const centred = match.maker(normal?.inputs[0], 'Sub');
  const root = rootOf(match, normal?.inputs[1]);
  const mean = match.maker(centred?.inputs[1], ...isMean);
  const squaredCentre = match.maker(squared(match, root?.mean.inputs[0]), 'Sub');
  const x = centred?.inputs[0];
  const axis = lastAxesOf(match, root?.mean);
  const isSame = x !== undefined && mean?.inputs[0] === x && squaredCentre?.inputs[0] === x;
  if (!isSame || root === undefined || axis === undefined || axis !== lastAxesOf(match, mean)) return undefined;
  const gamma = product?.inputs.find((name) => name !== normal?.outputs[0]) as string;
  const beta = anchor.inputs.find((name) => name !== scaled) as string;
  return node(anchor, 'LayerNormalization', [x, gamma, beta], { axis, epsilon: root.epsilon });
};

/** `gamma * x / sqrt(mean(x * x) + epsilon)`. */
const rmsNorm: Spelling = (match, anchor) => {
  if (anchor.operator !== 'Mul') return undefined;
  const normal = match.beside(anchor, (name) => match.isConstant(name));
  const gamma = anchor.inputs.find((name) => name !== normal);
  const [x, root] = rootMeanSquare(match, normal) ?? [];
  if (x === undefined || root === undefined || gamma === undefined) return undefined;
  if (squared(match, root.mean.inputs[0]) !== x || lastAxesOf(match, root.mean) !== -1) return undefined;
  return node(anchor, 'SimplifiedLayerNormalization', [x, gamma], { axis: -1, epsilon: root.epsilon });
};

/** `x` and the root of `x / root` or `x * (1 / root)`. */
function rootMeanSquare(match: Match, name: string | undefined): readonly [string | undefined, Root | undefined] | undefined {
  const quotient = match.maker(name, 'Div');
  if (quotient !== undefined) return [quotient.inputs[0], rootOf(match, quotient.inputs[1])];
  const product = match.maker(name, 'Mul');
  for (const [x, inverse] of [product?.inputs ?? [], [...(product?.inputs ?? [])].reverse()]) {
    const divided = match.maker(inverse, 'Div', 'Reciprocal');
    const root = rootOf(match, divided?.inputs.at(-1));
    if (root !== undefined) return [x, root];
  }
  return undefined;
}

/** Instance normalisation of the groups between two reshapes, then a scale and a shift per channel. */
const groupNorm: Spelling = (match, anchor) => {
  if (anchor.operator !== 'Add') return undefined;
  const scaled = match.beside(anchor, (name) => match.isConstant(name));
  const product = match.maker(scaled, 'Mul');
  const image = match.beside(product, (name) => match.isConstant(name));
  const instance = match.maker(match.maker(image, 'Reshape')?.inputs[0], 'InstanceNormalization');
  const grouped = match.maker(instance?.inputs[0], 'Reshape');
  const [x, groups] = [grouped?.inputs[0], match.tensor(grouped?.outputs[0])?.shape?.[1]];
  const shape = match.tensor(x)?.shape;
  if (x === undefined || groups === undefined || shape?.join() !== match.tensor(image)?.shape?.join()) return undefined;
  const gamma = product?.inputs.find((name) => name !== image) as string;
  const beta = anchor.inputs.find((name) => name !== scaled) as string;
  const isPerChannel = [gamma, beta].every((name) => countElements(match.tensor(name)?.shape ?? []) === shape?.[1]);
  if (!isPerChannel) return undefined;
  return node(anchor, 'GroupNormalization', [x, gamma, beta], {
    num_groups: groups,
    epsilon: Number(instance?.attributes.epsilon ?? 1e-5),
  });
};

/** `x / max(length, epsilon)`, the length stretched or not. */
const l2Normalize: Spelling = (match, anchor) => {
  if (anchor.operator !== 'Div') return undefined;
  const [x, length] = anchor.inputs;
  const stretched = match.maker(length, 'Expand');
  const limited = match.maker(stretched?.inputs[0] ?? length, 'Clip', 'Max');
  const norm = match.maker(limited?.inputs[0], 'ReduceL2');
  const axes = match.tensor(norm?.inputs[1])?.values ?? norm?.attributes.axes;
  if (x === undefined || norm?.inputs[0] !== x || !Array.isArray(axes) || axes.length !== 1) return undefined;
  return node(anchor, 'nnm::L2Normalize', [x], { axis: Number(axes[0]), epsilon: match.number(limited?.inputs[1]) ?? 1e-12 });
};

const node = (anchor: ModelNode, operator: string, inputs: readonly string[], attributes: ModelNode['attributes']): ModelNode => ({
  name: anchor.name,
  operator,
  attributes,
  inputs,
  outputs: anchor.outputs,
});

export const NORMALISATIONS: readonly Spelling[] = [layerNorm, rmsNorm, groupNorm, l2Normalize];
