import type { Attribute } from './attributes.ts';
import type { Distribution } from './drawn-tensor.ts';
import type { ReferenceValue } from './reference-value.ts';
import type { Implement, Shape, ValueId } from './values.ts';

/** What every op of a graph has. */
export interface OpBase {
  /** Name of its operator. */
  readonly op: string;
  readonly inputs: readonly ValueId[];
  readonly outputs: readonly ValueId[];
}

/** One constant of an op, its elements in the order of `shape`. */
export interface WeightTensor {
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** Constants of an op by name: `kernel` and `bias`, or `gamma`, `beta`, `mean`, `variance`. */
export type OpWeights = Readonly<Record<string, WeightTensor>>;

/** One constant that an op has. */
export interface WeightSpec extends Distribution {
  readonly shape: Shape;
  /** False for what training does not change, such as a running mean; default true. */
  readonly isParameter?: boolean;
}

/** Reports what is wrong with an op; its sentence starts with the op: `needs 2 inputs`. */
export type Fail = (problem: string) => never;

/** An op before its outputs have names; what is undefined is left out. */
export type NewOp<O extends OpBase> = { readonly [K in keyof O as K extends 'outputs' ? never : K]: O[K] | undefined };

/** Writes ops; what an operator's builder methods are given. */
export interface OpWriter {
  /**
   * Add an op with one output; returns the output's name.
   *
   * @param unknown - options besides those that the method has: `build` says what is wrong with them
   */
  add<O extends OpBase>(op: NewOp<O>, unknown?: object): ValueId;
  /** Add an op with several outputs. */
  addMany<O extends OpBase>(op: NewOp<O>, outputs: number, unknown?: object): readonly ValueId[];
}

/** What the reference implementation of an op is given. */
export interface ReferenceContext {
  readonly inputs: readonly ReferenceValue[];
  /** Shapes of the outputs. */
  readonly shapes: readonly Shape[];
  readonly weights: OpWeights;
  readonly implement: Implement;
}

/** An op without what every op has. */
type AttributesOf<O extends OpBase> = Omit<O, keyof OpBase>;

/** Builder methods as they are written: with the writer in front. */
type WrittenMethods<M> = {
  readonly [K in keyof M]: M[K] extends (...args: infer A) => infer R ? (writer: OpWriter, ...args: A) => R : never;
};

/** What the graphs of an operator's awkward corners are written with: inputs, constants and its own methods. */
export type EdgeBuilder<M> = M & {
  input(shape: Shape): ValueId;
  /** An input with values from 0.27 to 0.73. */
  positive(shape: Shape): ValueId;
  constant(shape: Shape | number, options?: { readonly center?: number; readonly spread?: number }): ValueId;
};

/** Small graphs by name, each an awkward corner of an operator that lowerings tend to get wrong. */
export type EdgeWriters<M> = Readonly<Record<string, (g: EdgeBuilder<M>) => ValueId | readonly ValueId[]>>;

/**
 * Everything about one operator in one place: how it is built, its shapes, its work, its constants and what it computes.
 *
 * @typeParam O - the op in a graph
 * @typeParam M - the methods that `GraphBuilder` gets
 */
export interface Operator<O extends OpBase = OpBase, M = unknown> {
  readonly op: O['op'];
  /** Number of inputs, or the least and the largest; default 1. */
  readonly inputs?: number | readonly [least: number, most: number];
  /** Number of outputs; absent for 1, `many` for any number. */
  readonly outputs?: 'many';
  /** Checks of everything an op has besides its inputs and outputs. */
  readonly attributes: { readonly [K in keyof AttributesOf<O>]-?: Attribute };
  readonly methods: WrittenMethods<M>;
  /** What a method may be given behind what it needs: an object of options, or one value; absent for nothing. */
  readonly lastArgument?: 'options' | 'value';
  /** Shapes of the outputs; arity and attributes have been checked. */
  infer(op: O, inputs: readonly Shape[], fail: Fail): readonly Shape[];
  /** Constants by name, in the order they are drawn; absent for none. */
  weights?(op: O, inputs: readonly Shape[]): Readonly<Record<string, WeightSpec>>;
  /** Multiply-adds of convolutions and matrix products, biases left out; absent for none. */
  multiplyAdds?(op: O, inputs: readonly Shape[], outputs: readonly Shape[]): number;
  /** Operations, 2 per multiply-add. */
  flops(op: O, inputs: readonly Shape[], outputs: readonly Shape[]): number;
  /** The op, slowly and plainly in float64: what backends are compared with. */
  compute(op: O, context: ReferenceContext): readonly ReferenceValue[];
  /** Graphs that the contract suite runs on every backend which has the operator. */
  readonly edges: EdgeWriters<M>;
}

/** Any operator, whatever its op and methods are. */
// biome-ignore lint/suspicious/noExplicitAny: an operator consumes its op, so Operator<O> is not an Operator<OpBase>
export type AnyOperator = Operator<any, any>;
