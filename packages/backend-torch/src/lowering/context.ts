import type { Graph, Op, Shape, Shapes, ValueId } from '@nnm/core';
import type { Layout } from './layout-of-axes.ts';
import type { OnnxWriter } from './onnx-writer.ts';

/** What lowering one op needs to know of the rest. */
export interface LoweringContext {
  readonly graph: Graph;
  readonly shapes: Shapes;
  readonly writer: OnnxWriter;
  /** Shape before `flatten`, of values that are kept in PyTorch's order `[c, h, w]` because only dense layers read them. */
  readonly flattenedFrom: ReadonlyMap<string, Shape>;
  /** Layout of the values of four axes that the op reads and writes. */
  readonly layout: Layout;
  /** The model's names of the op's inputs, in that layout. */
  readonly inputs: readonly string[];
  /** Ops that make constants, by the value's name. */
  readonly constants: ReadonlyMap<ValueId, Op>;
}

/** Shape of a value of a checked graph, in the graph's own order. */
export const shapeOf = ({ shapes }: LoweringContext, id: ValueId): Shape => shapes.get(id) as Shape;

/** The shape of an op's first input, an image. */
export const imageOf = (context: LoweringContext, op: Op): readonly [n: number, h: number, w: number, c: number] =>
  shapeOf(context, op.inputs[0] as string) as unknown as readonly [number, number, number, number];
