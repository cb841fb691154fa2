import type { AttributeValue, ModelNode } from '../../graph/model-graph.ts';
import type { Flatbuffer } from './flatbuffer.ts';
import type { TfliteFile, TfliteOperator, TfliteSubgraph, TfliteTensor } from './parse-model.ts';

/** The format's index of an optional input that is left out. */
const LEFT_OUT = -1;

/** Names by index, each once: the file may have several tensors of one name, or of none. */
export function nameTensors(tensors: readonly TfliteTensor[]): readonly string[] {
  const taken = new Set<string>();
  return tensors.map(({ name }, index) => {
    const unique = name === '' || taken.has(name) ? `${name || 'tensor'}#${index}` : name;
    taken.add(unique);
    return unique;
  });
}

/**
 * Every index leads to something, values are computed once and before they are used, and graphs of graphs exist.
 *
 * @throws {@link InvalidModelError}
 */
export function checkReferences(file: Flatbuffer, { buffers, subgraphs }: TfliteFile, subgraph: TfliteSubgraph): void {
  const { tensors, inputs, outputs, operators } = subgraph;
  const check = (index: number, what: string): void => {
    if (tensors[index] === undefined) file.fail(`is damaged: ${what} is tensor ${index} of ${tensors.length}`);
  };
  for (const { name, buffer, shape } of tensors) {
    if (buffers[buffer] === undefined) file.fail(`is damaged: tensor "${name}" has buffer ${buffer} of ${buffers.length}`);
    if (shape.some((size) => size < 0)) file.fail(`is damaged: tensor "${name}" has the shape [${shape.join(', ')}]`);
  }
  for (const index of [...inputs, ...outputs]) check(index, 'an input or output');
  /** Neither elements in the file, nor none at all, nor kept from call to call. */
  const isEmpty = (index: number): boolean => {
    const { buffer, shape, isVariable } = tensors[index]!;
    return buffers[buffer]!.bytes === 0 && !shape.includes(0) && !isVariable;
  };
  const computed = new Set<number>(operators.flatMap((operator) => operator.outputs));
  const known = new Set(inputs);
  operators.forEach((operator, position) => {
    const what = `${operator.operator}, operator ${position},`;
    for (const index of operator.inputs) {
      if (index === LEFT_OUT) continue;
      check(index, `an input of ${what}`);
      if (known.has(index)) continue;
      if (computed.has(index)) file.fail(`is damaged: ${what} uses "${tensors[index]!.name}" before it is computed`);
      if (isEmpty(index)) file.fail(`is damaged: ${what} uses "${tensors[index]!.name}", which nothing computes`);
    }
    for (const index of operator.outputs) {
      check(index, `an output of ${what}`);
      if (known.has(index)) file.fail(`is damaged: ${what} computes "${tensors[index]!.name}", which is known already`);
      known.add(index);
    }
    for (const index of Object.values(operator.subgraphs)) {
      if (subgraphs[index] === undefined) file.fail(`is damaged: ${what} runs graph ${index} of ${subgraphs.length}`);
    }
  });
  for (const index of outputs) {
    if (!known.has(index) && isEmpty(index)) file.fail(`is damaged: nothing computes its output "${tensors[index]!.name}"`);
  }
}

/** The operators with names for numbers; those of other graphs that they run are named in their attributes. */
export function nameNodes({ subgraphs }: TfliteFile, { operators }: TfliteSubgraph, names: readonly string[]): readonly ModelNode[] {
  const nameOf = (index: number): string => (index === LEFT_OUT ? '' : names[index]!);
  return operators.map((operator, position) => ({
    name: `${operator.operator}/${position}`,
    viewerId: String(position),
    operator: operator.operator,
    attributes: { ...operator.attributes, ...operatorsOfSubgraphs(operator, subgraphs) },
    inputs: operator.inputs.map(nameOf),
    outputs: operator.outputs.map(nameOf),
  }));
}

function operatorsOfSubgraphs(operator: TfliteOperator, subgraphs: readonly TfliteSubgraph[]): Record<string, AttributeValue> {
  const entries = Object.entries(operator.subgraphs).map(
    ([name, index]) => [name.replace('_subgraph_index', ''), subgraphs[index]!.operators.map((inner) => inner.operator)] as const,
  );
  return Object.fromEntries(entries);
}
