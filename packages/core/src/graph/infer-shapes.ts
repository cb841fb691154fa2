import { InvalidGraphError, suggestNearest } from '../errors/index.ts';
import { LARGEST_INTEGER, sizeProblem } from './limits.ts';
import type { AnyOperator, Fail, OpBase } from './operator.ts';
import { OPERATORS } from './operators.ts';
import { show } from './show-value.ts';
import type { Graph, GraphInput, Shape, ValueId } from './types.ts';
import { UNSUPPORTED_OPERATORS } from './unsupported-operators.ts';

/** Values have at most so many axes; a constant may have none. */
const MOST_AXES = 5;

/** Shape of every value of a valid graph. */
export type Shapes = ReadonlyMap<ValueId, Shape>;

/**
 * Infer the shape of every value, checking the whole graph on the way.
 *
 * @throws {@link InvalidGraphError} naming the op and what is wrong with it
 */
export function inferShapes(graph: Graph): Shapes {
  const fail: Fail = (problem) => {
    throw new InvalidGraphError({ graph: graph.name, problem });
  };
  const shapes = new Map<ValueId, Shape>();
  const define = (id: ValueId, shape: Shape, isConstant = false): void => {
    if (shapes.has(id)) fail(`the value "${id}" is defined twice`);
    if (!Array.isArray(shape)) fail(`"${id}" has the shape ${show(shape)}; a shape is a list of sizes`);
    if (shape.length < (isConstant ? 0 : 1) || shape.length > MOST_AXES) {
      fail(`"${id}" has shape [${shape.join(', ')}]; shapes have 1 to ${MOST_AXES} sizes`);
    }
    if (![...shape].every((size) => Number.isInteger(size) && size >= 1)) {
      fail(`"${id}" has shape ${show(shape)}; sizes must be integers >= 1`);
    }
    const problem = sizeProblem(shape);
    if (problem !== undefined) fail(`"${id}" has shape ${problem}`);
    shapes.set(id, shape);
  };

  if (graph.inputs.length === 0) fail('it has no inputs');
  if (graph.outputs.length === 0) fail('it has no outputs');
  for (const input of graph.inputs) {
    checkInput(input, (problem) => fail(`the input "${input.id}" ${problem}`));
    define(input.id, input.shape);
  }
  for (const op of graph.ops) {
    const failOp: Fail = (problem) => fail(`${op.op} "${op.outputs.join(', ')}" ${problem}`);
    const operator = OPERATORS.get(op.op) ?? fail(whyUnknown(op.op));
    if (!Array.isArray(op.inputs)) failOp(`needs a list of values, got ${show(op.inputs)}`);
    checkAttributes(operator, op, failOp);
    const inputs = [...op.inputs].map((id) => {
      if (typeof id !== 'string') failOp(`needs a value that a method of the builder returned, got ${show(id)}`);
      return shapes.get(id) ?? fail(`${op.op} uses ${show(id)}, which is not defined before it; every builder has values of its own`);
    });
    checkArity(operator, op, failOp);
    const outputs = operator.infer(op, inputs, failOp);
    for (const [name, { shape }] of Object.entries(operator.weights?.(op, inputs) ?? {})) {
      const problem = sizeProblem(shape);
      if (problem !== undefined) failOp(`needs a constant "${name}" of ${problem}`);
    }
    op.outputs.forEach((id, index) => {
      define(id, outputs[index] as Shape, op.op === 'constant');
    });
  }
  for (const id of graph.outputs) if (!shapes.has(id)) fail(`its output ${show(id)} is not defined`);
  return shapes;
}

/** An input has a name and a shape; a type of elements other than float32 is refused rather than ignored. */
function checkInput(input: GraphInput, fail: Fail): void {
  const { id: _, shape: __, dtype = 'float32', ...unknown } = input as GraphInput & Readonly<Record<string, unknown>>;
  if (dtype !== 'float32') fail(`has the type ${show(dtype)}; values are float32, other types are not supported yet`);
  const [option] = Object.keys(unknown);
  if (option !== undefined) fail(`has no option "${option}"; it has dtype`);
}

function whyUnknown(op: string): string {
  const reason = UNSUPPORTED_OPERATORS[op];
  if (reason !== undefined) return `the operator "${op}" is not supported yet: ${reason}`;
  return `${JSON.stringify(op)} is not a known operator${nearest(op, [...OPERATORS.keys()])}`;
}

function checkArity(operator: AnyOperator, op: OpBase, fail: Fail): void {
  const { inputs = 1 } = operator;
  const [least, most] = typeof inputs === 'number' ? [inputs, inputs] : inputs;
  const got = op.inputs.length;
  if (got < least || got > most) {
    fail(`needs ${most === least ? '' : 'at least '}${least} input${least === 1 ? '' : 's'}, got ${got}`);
  }
  if (operator.outputs === 'many' ? op.outputs.length < 1 : op.outputs.length !== 1) {
    fail(`has ${op.outputs.length} outputs, needs ${operator.outputs === 'many' ? 'at least 1' : '1'}`);
  }
}

/** Every attribute is there and in range, and there are no others: one that is ignored would be a silent mistake. */
function checkAttributes(operator: AnyOperator, op: OpBase, fail: Fail): void {
  const { op: _, inputs: __, outputs: ___, ...given } = op as OpBase & Readonly<Record<string, unknown>>;
  const known = Object.keys(operator.attributes);
  const problems = [
    ...Object.entries(operator.attributes)
      .filter(([name, { optional, accepts }]) => !(optional && given[name] === undefined) && !accepts(given[name]))
      .map(([name, { expected }]) => `needs ${name} to be ${expected}${rangeOf(given[name])}, got ${show(given[name])}`),
    ...Object.keys(given)
      .filter((name) => !known.includes(name))
      .map((name) => `has no option "${name}"${nearest(name, known)}; it has ${known.join(', ') || 'none'}`),
  ];
  if (problems.length > 0) fail(problems.join(', and '));
}

/** Which numbers there are, where one is too large to be any. */
function rangeOf(value: unknown): string {
  const numbers = [value].flat(2).filter((item) => typeof item === 'number' && Number.isFinite(item)) as readonly number[];
  const largest = Math.max(0, ...numbers.map(Math.abs));
  if (!Number.isFinite(Math.fround(largest))) return ' (in float32, up to 3.4e38)';
  return largest > LARGEST_INTEGER ? ` (up to ${LARGEST_INTEGER})` : '';
}

function nearest(name: unknown, known: readonly string[]): string {
  const [near] = suggestNearest(String(name), known);
  return near === undefined ? '' : ` (did you mean "${near}"?)`;
}
