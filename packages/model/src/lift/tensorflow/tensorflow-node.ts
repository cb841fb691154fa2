import { type Op, type Padding, resolveAxis, type Shape, type Size2d } from '@nnm/core';
import type { ModelNode, ModelTensor } from '../../graph/model-graph.ts';

/** Why a node cannot be said in core's words, as a sentence's end; caught where nodes are lifted. */
export class Unsayable extends Error {}

/** Stands among an op's inputs for the result of the op before it. */
export const BEFORE = '';

type Unnamed<O> = O extends Op ? Omit<O, 'inputs' | 'outputs'> : never;

/** One op of a node: without the names of its outputs, which follow from its place among the node's ops. */
export type Saying = Unnamed<Op> & {
  /** Names of tensors, or {@link BEFORE}; absent for the node's first input, and behind another op for that op's result. */
  readonly inputs?: readonly string[];
  /** Shape in which the op says its first input, where that is not the file's. */
  readonly as?: Shape;
};

/** A node in core's words: ops in a row, the last of which gives the node's results. */
export type Rule = (node: TensorFlowNode) => Saying | readonly Saying[];

/** Rules by name of operator. */
export type Rules = Readonly<Record<string, Rule>>;

/** A node of a model of TensorFlow's with what its rule asks for. */
export class TensorFlowNode {
  constructor(
    readonly node: ModelNode,
    private readonly tensors: ReadonlyMap<string, ModelTensor>,
  ) {}

  get operator(): string {
    return this.node.operator;
  }

  /** Stop: core has no words for this node. @param why - as a sentence's end behind the operator: `has …` */
  gap(why: string): never {
    throw new Unsayable(`${this.operator} ${why}`);
  }

  /** False for an optional input that is left out. */
  has(index: number): boolean {
    return (this.node.inputs[index] ?? '') !== '';
  }

  input(index: number): string {
    return this.has(index) ? this.node.inputs[index]! : this.gap(`lacks input ${index}`);
  }

  tensor(index: number): ModelTensor {
    return this.tensors.get(this.input(index))!;
  }

  shape(index: number): Shape {
    return this.tensor(index).shape ?? this.gap('has an input whose shape depends on what is computed at run time');
  }

  /** Shape of a result; undefined while it is not known. */
  outputShape(index = 0): Shape | undefined {
    return this.tensors.get(this.node.outputs[index] ?? '')?.shape;
  }

  isConstant(index: number): boolean {
    return this.tensor(index).constant;
  }

  /** Elements of a constant. */
  values(index: number, what: string): readonly number[] {
    const { values, constant } = this.tensor(index);
    return values ?? this.gap(`has ${what} that ${constant ? 'are too many to be read' : 'are computed at run time'}`);
  }

  /** Shape of weights, which are constant. */
  weights(index: number): Shape {
    return this.isConstant(index) ? this.shape(index) : this.gap('has weights that are computed at run time');
  }

  number(name: string): number {
    return Number(this.node.attributes[name] ?? 0);
  }

  flag(name: string): boolean {
    return this.node.attributes[name] === true;
  }

  word(name: string): string {
    return String(this.node.attributes[name] ?? '');
  }

  list(name: string): readonly number[] {
    const value = this.node.attributes[name];
    return Array.isArray(value) ? (value as readonly number[]) : [];
  }

  words(name: string): readonly string[] {
    const value = this.node.attributes[name];
    return Array.isArray(value) ? (value as readonly string[]) : [];
  }

  /** An axis counted from the front. */
  axis(axis: number, rank: number): number {
    const resolved = resolveAxis(axis, rank);
    return resolved >= 0 && resolved < rank ? resolved : this.gap(`has axis ${axis} for a value of ${rank} axes`);
  }

  /** `[height, width]` of two options. */
  pair(height: string, width: string): Size2d {
    return [this.number(height), this.number(width)];
  }

  get strides(): Size2d {
    return this.pair('stride_h', 'stride_w');
  }

  get padding(): Padding {
    const word = this.word('padding');
    return word === 'SAME' ? 'same' : word === 'VALID' ? 'valid' : this.gap(`has the padding ${word}`);
  }

  /** An input of four axes. */
  image(index: number): readonly [n: number, h: number, w: number, c: number] {
    const shape = this.shape(index);
    if (shape.length !== 4) this.gap(`has an input of ${shape.length} axes where images have four`);
    return shape as unknown as readonly [number, number, number, number];
  }
}
