import { type DrawnWeights, drawWeights, type Graph, type Op, resolveAxes, type Shape, type Shapes } from '@nnm/core';
import type { Attrs } from '../graph-model/graph-def.ts';
import type { GraphModelBuilder, LazyElements, NodeRef } from '../graph-model/graph-model-builder.ts';
import type { FusedOp } from './fused-op.ts';

/** What the lowering of an op may use of its graph. */
interface Lowered {
  readonly backend: string;
  readonly graph: Graph;
  readonly shapes: Shapes;
  readonly model: GraphModelBuilder;
}

/** Writes the nodes of one op; what lies between them is named after the op. */
export class OpWriter {
  constructor(
    readonly context: Lowered,
    readonly fused: FusedOp,
  ) {}

  /** The op's inputs. */
  get inputs(): readonly NodeRef[] {
    return this.fused.op.inputs.map((id) => this.context.model.value(id));
  }

  /** The op's only or first input. */
  get x(): NodeRef {
    return this.inputs[0]!;
  }

  /** Shape of an input. */
  shape(index = 0): Shape {
    return this.context.shapes.get(this.fused.op.inputs[index]!)!;
  }

  /** Shape of the op's first output. */
  get outputShape(): Shape {
    return this.context.shapes.get(this.fused.op.outputs[0]!)!;
  }

  /** The op's constants as the graph draws them, or those of one that it swallows. */
  draw(op: Op = this.fused.op): DrawnWeights {
    return drawWeights(this.context.graph, op, this.context.shapes);
  }

  /** A constant of the op. */
  weights(name: string, shape: Shape, data: Float32Array | LazyElements): NodeRef {
    return this.context.model.weights(`${this.fused.op.outputs[0]}/${name}`, shape, data);
  }

  scalar(value: number): NodeRef {
    return this.context.model.scalar(value);
  }

  /** A list of integers: axes, sizes, a permutation. */
  list(values: readonly number[]): NodeRef {
    return this.context.model.integers([values.length], values);
  }

  integer(value: number): NodeRef {
    return this.context.model.integers([], [value]);
  }

  /** Pixels before and after each axis. */
  paddings(values: readonly (readonly [before: number, after: number])[]): NodeRef {
    return this.context.model.integers([values.length, 2], values.flat());
  }

  /** Axes as a list, none of them negative. */
  axes(axes: readonly number[]): NodeRef {
    return this.list(resolveAxes(axes, this.shape().length));
  }

  /** A node in the middle; returns its result. */
  step(nodeOp: string, inputs: readonly NodeRef[], attrs?: Attrs): NodeRef {
    return this.context.model.node(nodeOp, `${this.fused.op.outputs[0]}/${nodeOp}`, inputs, attrs);
  }

  /** The node whose results are the op's. */
  last(nodeOp: string, inputs: readonly NodeRef[], attrs?: Attrs): void {
    const { outputs } = this.fused;
    const name = this.context.model.node(nodeOp, outputs[0]!, inputs, attrs);
    outputs.forEach((id, index) => {
      this.context.model.define(id, index === 0 ? name : `${name}:${index}`);
    });
  }

  /** `Reshape` in the middle. */
  reshaped(x: NodeRef, shape: Shape): NodeRef {
    return this.step('Reshape', [x, this.list(shape)]);
  }

  /** `Reshape` at the end, to the op's own shape. */
  lastReshape(x: NodeRef): void {
    this.last('Reshape', [x, this.list(this.outputShape)]);
  }
}
