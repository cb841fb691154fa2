import { resolveAxis, type Shape } from '@nnm/core';
import type { AttributeValue, ModelNode, ModelTensor } from '../../graph/model-graph.ts';
import { arrange, axesInOrder, type Layout, toForm } from './layout.ts';

/** Why a node cannot be said in core's words, as a sentence's end; caught where nodes are lifted. */
export class Unsayable extends Error {}

/** What a file says of a node contradicts itself, as a sentence's end that starts with the node; caught where the file's name is known. */
export class Contradiction extends Error {}

/** What is known of a model while its nodes are read one after another. */
export interface NodeScope {
  readonly tensors: ReadonlyMap<string, ModelTensor>;
  readonly opsets: Readonly<Record<string, number>>;
}

/** An input or output of an op: its name in the model and its shape as the op says it. */
export interface Operand {
  readonly name: string;
  readonly shape: Shape;
}

/** A node of an ONNX model with what its rule asks for: shapes, constants and attributes with their defaults. */
export class NodeView {
  constructor(
    readonly node: ModelNode,
    private readonly scope: NodeScope,
    readonly layout: Layout,
  ) {}

  /** Stop: core has no words for this node. */
  gap(why: string): never {
    throw new Unsayable(why);
  }

  /** Stop: the file contradicts itself. */
  wrong(problem: string): never {
    throw new Contradiction(`the ${this.operator} "${this.node.name}", which ${problem}`);
  }

  /** Version of the operators of the node's domain. */
  get opset(): number {
    const [domain] = this.node.operator.includes('::') ? this.node.operator.split('::') : [''];
    return this.scope.opsets[domain as string] ?? 1;
  }

  get operator(): string {
    return this.node.operator;
  }

  /** False for an optional input that is left out. */
  has(index: number): boolean {
    return (this.node.inputs[index] ?? '') !== '';
  }

  tensor(index: number): ModelTensor | undefined {
    const name = this.node.inputs[index] ?? '';
    return name === '' ? undefined : this.scope.tensors.get(name);
  }

  isConstant(index: number): boolean {
    return this.tensor(index)?.constant ?? false;
  }

  /** Shape of an input in the file's order of axes. */
  shape(index: number): Shape {
    const shape = this.tensor(index)?.shape;
    return shape ?? this.gap(`${this.operator} has an input whose shape depends on what is computed at run time`);
  }

  /** The elements of an input that says how large something is. */
  values(index: number, what: string): readonly number[] {
    const values = this.tensor(index)?.values;
    return (
      values ?? this.gap(`${this.operator} has ${what} that ${this.isConstant(index) ? 'nnm does not read' : 'are computed at run time'}`)
    );
  }

  /** The elements of an input, or of the attribute that older operators have in its place; undefined when both are left out. */
  valuesOrAttribute(index: number, attribute: string): readonly number[] | undefined {
    return this.has(index) ? this.values(index, attribute) : this.ints(attribute);
  }

  /** True when an optional output is asked for. */
  usesOutput(index: number): boolean {
    return (this.node.outputs[index] ?? '') !== '';
  }

  /** Shape of an output in the file's order of axes, where it is known already. */
  knownOutput(index: number): Shape | undefined {
    return this.scope.tensors.get(this.node.outputs[index] as string)?.shape;
  }

  private attribute<T extends AttributeValue>(name: string, isKind: (value: AttributeValue) => value is T): T | undefined {
    const value = this.node.attributes[name];
    if (value === undefined) return undefined;
    return isKind(value) ? value : this.gap(`${this.operator} has the attribute ${name} of an unexpected type`);
  }

  number<D extends number | undefined>(name: string, fallback: D): number | D {
    return this.attribute(name, (value): value is number => typeof value === 'number') ?? fallback;
  }

  text(name: string, fallback: string): string {
    return this.attribute(name, (value): value is string => typeof value === 'string') ?? fallback;
  }

  ints(name: string): readonly number[] | undefined {
    const isList = (value: AttributeValue): value is readonly number[] =>
      Array.isArray(value) && value.every((item) => typeof item === 'number');
    return this.attribute(name, isList);
  }

  /** An input as the op says it. */
  operand(index: number, layout: Layout = this.layout): Operand {
    return { name: this.node.inputs[index] as string, shape: toForm(this.shape(index), layout) };
  }

  /** The op's axis for an axis of the file; negative ones count from the end. */
  axis(axis: number, rank: number): number {
    const resolved = resolveAxis(axis, rank);
    if (resolved < 0 || resolved >= rank) this.gap(`${this.operator} has axis ${axis} for a value of ${rank} axes`);
    return axesInOrder(rank, this.layout).indexOf(resolved);
  }

  /** One value per axis of the file, as the op has them. */
  perAxis<T>(values: readonly T[], added: T): readonly T[] {
    return arrange(values, this.layout, added);
  }

  /** Stop unless an input is constant. */
  needConstant(index: number, what: string): void {
    if (!this.isConstant(index)) this.gap(`${this.operator} has ${what} that are computed at run time`);
  }
}
