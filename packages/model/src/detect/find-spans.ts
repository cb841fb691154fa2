import type { LiftedModel, LiftedOp } from '../lift/lifted-model.ts';
import type { KernelTemplate } from './kernel-template.ts';
import type { ModelValues } from './model-values.ts';
import type { PartNode } from './part-node.ts';

/** Operator and words of an op: what has to be equal before sizes are looked at. */
export function kindOf({ op }: Pick<PartNode, 'op'>): string {
  return op.op === 'activation' ? op.function : op.op;
}

/** A model as patterns are looked for in it. */
export interface SearchedModel {
  readonly lifted: LiftedModel;
  readonly values: ModelValues;
  /** By position; undefined for gaps. */
  readonly kinds: readonly (string | undefined)[];
  /** Positions by kind. */
  readonly positions: ReadonlyMap<string, readonly number[]>;
}

/** Prepare a model to look for patterns in it. */
export function searchedModel(lifted: LiftedModel, values: ModelValues): SearchedModel {
  const kinds = lifted.ops.map((op) => (op.gap === undefined ? kindOf(op) : undefined));
  const positions = new Map<string, number[]>();
  kinds.forEach((kind, position) => {
    if (kind === undefined) return;
    const known = positions.get(kind);
    if (known === undefined) positions.set(kind, [position]);
    else known.push(position);
  });
  return { lifted, values, kinds, positions };
}

/**
 * Find where the ops of a kernel's graph stand in a model, by operators and wiring; sizes are not looked at. What lies between them is read
 * by nothing else.
 *
 * @returns positions in execution order, per place
 */
export function findSpans(pattern: Pick<KernelTemplate, 'nodes' | 'outputs'>, model: SearchedModel): readonly (readonly number[])[] {
  const [output] = pattern.outputs;
  const makers = new Map(pattern.nodes.flatMap((node) => node.op.outputs.map((name): [string, PartNode] => [name, node])));
  const sink = makers.get(output as string);
  if (pattern.outputs.length !== 1 || sink === undefined || sink.op.outputs.length !== 1) return [];
  if (!pattern.nodes.every((node) => model.positions.has(kindOf(node)))) return [];
  const spans: (readonly number[])[] = [];
  for (const position of model.positions.get(kindOf(sink)) ?? []) {
    const found = matchOp(sink, position, { makers, model }, EMPTY);
    if (found === undefined || found.ops.size !== pattern.nodes.length) continue;
    const span = [...found.ops.values()].sort((a, b) => a - b);
    if (new Set(span).size === span.length && isClosed(span, position, model)) spans.push(span);
  }
  return spans;
}

/** Which op of the model stands for each op of the pattern, and which value for each of its inputs. */
interface Binding {
  readonly ops: ReadonlyMap<PartNode, number>;
  readonly inputs: ReadonlyMap<string, string>;
}

const EMPTY: Binding = { ops: new Map(), inputs: new Map() };

interface Search {
  readonly makers: ReadonlyMap<string, PartNode>;
  readonly model: SearchedModel;
}

function matchOp(node: PartNode, position: number, search: Search, binding: Binding): Binding | undefined {
  const known = binding.ops.get(node);
  if (known !== undefined) return known === position ? binding : undefined;
  const { lifted, kinds } = search.model;
  if (kinds[position] !== kindOf(node)) return undefined;
  const op = lifted.ops[position] as LiftedOp;
  if (op.op.inputs.length !== node.op.inputs.length) return undefined;
  const bound: Binding = { ...binding, ops: new Map([...binding.ops, [node, position]]) };
  const straight = matchOperands(
    node,
    op,
    op.op.inputs.map((_, at) => at),
    search,
    bound,
  );
  if (straight !== undefined || !COMMUTATIVE.has(op.op.op) || op.op.inputs.length !== 2) return straight;
  return matchOperands(node, op, [1, 0], search, bound);
}

const COMMUTATIVE: ReadonlySet<string> = new Set(['add', 'mul', 'maximum', 'minimum']);

function matchOperands(node: PartNode, op: LiftedOp, order: readonly number[], search: Search, binding: Binding): Binding | undefined {
  let bound: Binding | undefined = binding;
  for (let at = 0; at < order.length && bound !== undefined; at++) {
    const from = order[at] as number;
    const isConstant = node.constantInputs.includes(at);
    if (isConstant !== op.constantInputs.includes(from)) return undefined;
    if (!isConstant) bound = matchValue(node.op.inputs[at] as string, op.op.inputs[from] as string, search, bound);
  }
  return bound;
}

function matchValue(name: string, value: string, search: Search, binding: Binding): Binding | undefined {
  const maker = search.makers.get(name);
  if (maker === undefined) {
    const known = binding.inputs.get(name);
    if (known !== undefined) return known === value ? binding : undefined;
    return { ...binding, inputs: new Map([...binding.inputs, [name, value]]) };
  }
  const position = search.model.values.makers.get(value);
  const isSameOutput =
    position !== undefined && (search.model.lifted.ops[position] as LiftedOp).op?.outputs[maker.op.outputs.indexOf(name)] === value;
  return isSameOutput ? matchOp(maker, position, search, binding) : undefined;
}

/** True when only the last op's result is read outside. */
function isClosed(span: readonly number[], sink: number, { lifted, values }: SearchedModel): boolean {
  const members = new Set(span);
  return span.every(
    (position) =>
      position === sink ||
      (lifted.ops[position] as LiftedOp).op.outputs.every(
        (name) => !values.outputs.has(name) && (values.readers.get(name) ?? []).every((reader) => members.has(reader)),
      ),
  );
}
