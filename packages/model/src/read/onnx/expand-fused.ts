import { entryOf } from '../../graph/entry-of.ts';
import type { OnnxAttribute, OnnxNode } from './onnx-model.ts';

/** Operators of ONNX Runtime that are another one with a sum or an activation behind it. */
const FUSED: Readonly<Record<string, string>> = { FusedConv: 'Conv', FusedGemm: 'Gemm' };

/** Parameters of activations, in the order in which they are given. */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  LeakyRelu: ['alpha'],
  HardSigmoid: ['alpha', 'beta'],
  Clip: ['min', 'max'],
};

const DOMAIN = 'com.microsoft';

/** The nodes that a fused node of an optimised file stands for; undefined for any other node. */
export function expandFused(node: OnnxNode): readonly OnnxNode[] | undefined {
  const operator = node.domain === DOMAIN ? entryOf(FUSED, node.operator) : undefined;
  const activation = textOf(node.attributes.get('activation'));
  const output = node.outputs[0];
  if (operator === undefined || output === undefined) return undefined;
  const added = operator === 'Conv' ? (node.inputs[3] ?? '') : '';
  const steps: { operator: string; inputs: readonly string[]; attributes: ReadonlyMap<string, OnnxAttribute> }[] = [
    { operator, inputs: node.inputs.slice(0, 3), attributes: withoutActivation(node.attributes) },
  ];
  if (added !== '') steps.push({ operator: 'Add', inputs: [added], attributes: new Map() });
  if (activation !== '') steps.push({ operator: activation, inputs: [], attributes: parametersOf(activation, node.attributes) });
  return steps.map((step, index) => ({
    name: `${node.name}/${step.operator}`,
    operator: step.operator,
    // A clip whose limits are attributes is of an older version, and the reader takes them all the same.
    domain: '',
    attributes: step.attributes,
    inputs: index === 0 ? step.inputs : [`${node.name}/value${index - 1}`, ...step.inputs],
    outputs: [index === steps.length - 1 ? output : `${node.name}/value${index}`],
  }));
}

const textOf = (attribute: OnnxAttribute | undefined): string =>
  attribute?.kind === 'value' && typeof attribute.value === 'string' ? attribute.value : '';

const withoutActivation = (attributes: ReadonlyMap<string, OnnxAttribute>): ReadonlyMap<string, OnnxAttribute> =>
  new Map([...attributes].filter(([name]) => !name.startsWith('activation')));

function parametersOf(activation: string, attributes: ReadonlyMap<string, OnnxAttribute>): ReadonlyMap<string, OnnxAttribute> {
  const given = attributes.get('activation_params');
  const values = given?.kind === 'value' && Array.isArray(given.value) ? given.value.filter((item) => typeof item === 'number') : [];
  const names = entryOf(PARAMETERS, activation) ?? [];
  return new Map(
    names.flatMap((name, index) => (values[index] === undefined ? [] : [[name, { kind: 'value', value: values[index] }] as const])),
  );
}
