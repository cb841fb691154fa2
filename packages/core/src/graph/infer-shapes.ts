import { InvalidGraphError } from '../errors/index.ts';
import { windowOutputSize } from './padding.ts';
import type { Graph, Op, Shape, Size2d, ValueId } from './types.ts';

/** Shape of every value of a valid graph. */
export type Shapes = ReadonlyMap<ValueId, Shape>;

/**
 * Infer the shape of every value, checking the whole graph on the way.
 *
 * @throws {@link InvalidGraphError} naming the op and what is wrong with it
 */
export function inferShapes(graph: Graph): Shapes {
  const fail = (problem: string): never => {
    throw new InvalidGraphError({ graph: graph.name, problem });
  };
  const shapes = new Map<ValueId, Shape>();
  const define = (id: ValueId, shape: Shape): void => {
    if (shapes.has(id)) fail(`the value "${id}" is defined twice`);
    if (shape.length !== 2 && shape.length !== 4) fail(`"${id}" has shape [${shape.join(', ')}]; shapes are [n, c] or [n, h, w, c]`);
    if (!shape.every((size) => Number.isInteger(size) && size >= 1)) {
      fail(`"${id}" has shape [${shape.join(', ')}]; sizes must be integers >= 1`);
    }
    shapes.set(id, shape);
  };

  if (graph.inputs.length === 0) fail('it has no inputs');
  if (graph.outputs.length === 0) fail('it has no outputs');
  for (const { id, shape } of graph.inputs) define(id, shape);
  for (const op of graph.ops) {
    const inputs = op.inputs.map((id) => shapes.get(id) ?? fail(`${op.op} uses "${id}", which is not defined before it`));
    const outputs = inferOpShapes(op, inputs, (problem) => fail(`${op.op} "${op.outputs.join(', ')}" ${problem}`));
    op.outputs.forEach((id, index) => {
      define(id, outputs[index] as Shape);
    });
  }
  for (const id of graph.outputs) if (!shapes.has(id)) fail(`its output "${id}" is not defined`);
  return shapes;
}

/** Output shapes of one op; `fail` is called with what is wrong and must throw. */
function inferOpShapes(op: Op, inputs: readonly Shape[], fail: (problem: string) => never): readonly Shape[] {
  const arity = (count: number): void => {
    if (inputs.length !== count) fail(`needs ${count} input${count === 1 ? '' : 's'}, got ${inputs.length}`);
  };
  const single = (): void => {
    arity(1);
    if (op.outputs.length !== 1) fail(`has ${op.outputs.length} outputs, needs 1`);
  };
  const first = inputs[0] ?? fail('has no inputs');
  const image = (): readonly [number, number, number, number] =>
    first.length === 4
      ? (first as unknown as readonly [number, number, number, number])
      : fail(`needs [n, h, w, c], got [${first.join(', ')}]`);
  const channels = first[first.length - 1] as number;

  switch (op.op) {
    case 'conv2d':
    case 'depthwiseConv2d':
    case 'maxPool':
    case 'avgPool': {
      single();
      const [n, h, w, c] = image();
      checkSizes('kernelSize', op.kernelSize, fail);
      checkSizes('strides', op.strides, fail);
      if (typeof op.padding === 'object' && !Object.values(op.padding).every((pixels) => Number.isInteger(pixels) && pixels >= 0)) {
        fail('has padding that is not integers >= 0');
      }
      const [oh, ow] = windowOutputSize(op.padding, [h, w], op.kernelSize, op.strides);
      if (oh < 1 || ow < 1) fail(`has a ${op.kernelSize.join('x')} window that does not fit its ${h}x${w} input`);
      if (op.op !== 'conv2d') return [[n, oh, ow, c]];
      if (!Number.isInteger(op.filters) || op.filters < 1) fail(`needs filters >= 1, got ${op.filters}`);
      if (c % op.groups !== 0 || op.filters % op.groups !== 0)
        fail(`cannot split ${c} and ${op.filters} channels into ${op.groups} groups`);
      return [[n, oh, ow, op.filters]];
    }
    case 'batchNorm':
    case 'activation':
      single();
      return [first];
    case 'globalAvgPool': {
      single();
      const [n, , , c] = image();
      return [op.keepDims ? [n, 1, 1, c] : [n, c]];
    }
    case 'dense':
      single();
      if (first.length !== 2) fail(`needs [n, c], got [${first.join(', ')}]`);
      if (!Number.isInteger(op.units) || op.units < 1) fail(`needs units >= 1, got ${op.units}`);
      return [[first[0] as number, op.units]];
    case 'flatten': {
      single();
      const [n, h, w, c] = image();
      return [[n, h * w * c]];
    }
    case 'concat': {
      const leading = first.slice(0, -1);
      for (const shape of inputs) {
        if (shape.length !== first.length || !leading.every((size, axis) => size === shape[axis])) {
          fail(`joins [${first.join(', ')}] and [${shape.join(', ')}], which differ in more than channels`);
        }
      }
      return [[...leading, inputs.reduce((sum, shape) => sum + (shape[shape.length - 1] as number), 0)]];
    }
    case 'split': {
      arity(1);
      if (op.outputs.length < 1 || channels % op.outputs.length !== 0)
        fail(`cannot split ${channels} channels into ${op.outputs.length} equal parts`);
      return op.outputs.map(() => [...first.slice(0, -1), channels / op.outputs.length]);
    }
    case 'channelShuffle':
      single();
      image();
      if (channels % op.groups !== 0) fail(`cannot shuffle ${channels} channels in ${op.groups} groups`);
      return [first];
    case 'add':
    case 'mul': {
      arity(2);
      const second = inputs[1] as Shape;
      const equal = first.length === second.length && first.every((size, axis) => size === second[axis]);
      const perChannel = op.op === 'mul' && first.length === 4 && second.join() === [first[0], 1, 1, channels].join();
      if (!equal && !perChannel) fail(`joins [${first.join(', ')}] and [${second.join(', ')}]`);
      return [first];
    }
    default:
      return fail(`is not a known op (${JSON.stringify((op as { op: unknown }).op)})`);
  }
}

function checkSizes(name: string, size: Size2d, fail: (problem: string) => never): void {
  if (!size.every((value) => Number.isInteger(value) && value >= 1)) fail(`needs ${name} >= 1, got ${size.join('x')}`);
}
