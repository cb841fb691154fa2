import {
  ConversionError,
  type Graph,
  inferShapes,
  type ModelUse,
  type Op,
  type Shape,
  type Shapes,
  UnsupportedOperatorError,
  weightShapes,
} from '@nnm/core';
import { VERSION } from '../version.ts';
import { assignLayouts } from './layout.ts';
import { arrange, type Layout } from './layout-of-axes.ts';
import { LOWERINGS } from './lowerings.ts';
import { encodeModel } from './onnx-schema.ts';
import { OnnxWriter, type Port } from './onnx-writer.ts';
import { Operands } from './operands.ts';

/** A protobuf message cannot hold 2 GiB; a megabyte is left for nodes and names. */
const MAX_WEIGHT_BYTES = 2 ** 31 - 2 ** 20;

/**
 * Lower a kernel graph to the bytes of an ONNX model, as `torch.onnx.export` would write the PyTorch module it stands for.
 *
 * Inputs and outputs that are `[n, h, w, c]` in the graph are `[n, c, h, w]` in the model and keep their names; those that no
 * convolution or pooling is near are as in the graph, and the model's metadata lists them; padding is
 * explicit and PyTorch's; batch normalisation and activations stay nodes of their own for the runtime to fuse. Equal graphs
 * give equal bytes.
 *
 * @param use - a part is marked as one in the model's metadata
 * @param backend - as errors name it
 *
 * @throws {@link ConversionError} when the weights do not fit into an ONNX file (2 GiB)
 * @throws {@link InvalidGraphError} when the graph is not valid
 * @throws {@link UnsupportedOperatorError} naming an operator that has no lowering
 */
export function lowerGraph(graph: Graph, use: ModelUse = 'whole', backend = 'torch_cpu'): Uint8Array {
  const shapes = inferShapes(graph);
  checkSize(graph, shapes, backend);
  const writer = new OnnxWriter(shapes.keys());
  const { ofOp, ofValue } = assignLayouts(graph, shapes);
  const constants = new Map(graph.ops.filter(({ op }) => op === 'constant').map((op) => [op.outputs[0] as string, op]));
  const shared = { graph, shapes, writer, constants, flattenedFrom: findFlattened(graph, shapes) };
  const operands = new Operands(shared, ofValue);
  for (const op of graph.ops) {
    const lowering = LOWERINGS.get(op.op);
    if (lowering === undefined) throw new UnsupportedOperatorError({ backend, graph: graph.name, operator: op.op });
    const layout = ofOp.get(op) as Layout;
    lowering.lower(op, { ...shared, layout, inputs: op.inputs.map((id) => operands.name(id, layout)) });
  }
  const port = (name: string, value: string): Port => ({
    name,
    shape: arrange(shapes.get(value) as Shape, ofValue.get(value) as Layout),
    channelsLast: ofValue.get(value) === 'last' && shapes.get(value)?.length === 4,
  });
  const inputs = graph.inputs.map(({ id }) => port(id, id));
  const outputs = outputNames(graph, writer, operands, ofValue).map((name, index) => port(name, graph.outputs[index] as string));
  return encodeModel(writer.finish(graph.name, inputs, outputs, VERSION, use === 'part'));
}

/** Every output by a name of its own that a node makes: an input handed through, or an output listed twice, gets an Identity. */
function outputNames(graph: Graph, writer: OnnxWriter, operands: Operands, layouts: ReadonlyMap<string, Layout>): readonly string[] {
  const taken = new Set(graph.inputs.map(({ id }) => id));
  return graph.outputs.map((id) => {
    const name = operands.name(id, layouts.get(id) as Layout);
    if (name === id && !taken.has(id)) {
      taken.add(id);
      return id;
    }
    return writer.node('Identity', [name], [writer.unusedName(`${id}/output`)]);
  });
}

/**
 * Values that may stay in PyTorch's flattened order `[c, h, w]`, with the shape they had before `flatten`.
 *
 * The graph flattens channels fastest under every framework. Where only dense layers read the result, their weights are
 * permuted instead of the activations, so that no transpose runs that a PyTorch module would not have.
 */
function findFlattened(graph: Graph, shapes: Shapes): ReadonlyMap<string, Shape> {
  const readers = new Map<string, Op[]>();
  for (const op of graph.ops) for (const id of op.inputs) readers.set(id, [...(readers.get(id) ?? []), op]);
  const onlyDenseReads = (id: string): boolean =>
    !graph.outputs.includes(id) &&
    (readers.get(id) ?? []).every((op) => op.op === 'dense' || (op.op === 'activation' && onlyDenseReads(op.outputs[0] as string)));
  const flattened = new Map<string, Shape>();
  for (const op of graph.ops) {
    const [input, output] = [op.inputs[0] as string, op.outputs[0] as string];
    const before = op.op === 'flatten' ? shapes.get(input) : op.op === 'activation' ? flattened.get(input) : undefined;
    if (before !== undefined && onlyDenseReads(output)) flattened.set(output, before);
  }
  return flattened;
}

function checkSize(graph: Graph, shapes: Shapes, backend: string): void {
  const elements = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);
  const bytes = graph.ops.flatMap((op) => Object.values(weightShapes(op, shapes))).reduce((sum, shape) => sum + 4 * elements(shape), 0);
  if (bytes <= MAX_WEIGHT_BYTES) return;
  throw new ConversionError({
    backend,
    graph: graph.name,
    problem: `its weights take ${(bytes / 2 ** 30).toFixed(1)} GiB and an ONNX file holds less than 2 GiB`,
  });
}
