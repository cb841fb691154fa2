import type { AnyOperator, OpBase, Operator } from './operator.ts';
import * as operators from './ops/index.ts';

/** What `ops/index.ts` exports: an operator per file, and things beside it. */
type Exported = (typeof operators)[keyof typeof operators];

type OpsOf<T> = T extends Operator<infer O, infer _> ? O : never;
type MethodsOf<T> = T extends Operator<infer _, infer M> ? M : never;
type Intersection<U> = (U extends unknown ? (member: U) => void : never) extends (all: infer I) => void ? I : never;

/** One op of a graph. */
export type Op = OpsOf<Exported>;

/** The op of a graph with this name. */
export type OpNamed<N extends Op['op']> = Extract<Op, { op: N }>;

/** The builder methods of all operators. */
export type OperatorMethods = Intersection<MethodsOf<Exported>>;

const isOperator = (value: unknown): value is AnyOperator =>
  typeof value === 'object' && value !== null && 'op' in value && 'compute' in value;

/** Every operator by its name. */
export const OPERATORS: ReadonlyMap<string, AnyOperator> = new Map(
  Object.values(operators)
    .filter(isOperator)
    .map((operator) => [operator.op, operator]),
);

/** The operator of an op of a checked graph. */
export const operatorOf = ({ op }: OpBase): AnyOperator => OPERATORS.get(op) as AnyOperator;
