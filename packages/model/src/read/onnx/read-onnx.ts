import type { ModelGraph } from '../../graph/model-graph.ts';
import type { ByteSource } from '../byte-source.ts';
import { InvalidModelError } from '../errors.ts';
import type { ReadContext } from '../read-options.ts';
import { GraphWalk } from './graph-walk.ts';
import type { OnnxModel } from './onnx-model.ts';
import { parseModel } from './parse-model.ts';
import { pinInputs } from './pin-inputs.ts';
import { sortNodes } from './sort-nodes.ts';
import type { FailFile } from './wire-reader.ts';

/** Broadcasting has been NumPy's since then. */
const OLDEST_OPSET = 7;
/** The newest whose operators have been looked at; what is newer reads the same or is a gap. */
const NEWEST_OPSET = 23;

/**
 * Read an ONNX model: its nodes with their shapes, without its weights.
 *
 * Local functions are written out, branches whose condition is known are taken, and what only computes shapes from shapes is
 * folded. Weights in other files are counted and never opened.
 *
 * @throws {@link InvalidModelError} when the file is not a model, is truncated or contradicts itself
 * @throws {@link FreeDimensionError} when sizes of inputs are left open, other than a batch
 */
export function readOnnx(source: ByteSource, context: ReadContext): ModelGraph {
  const fail: FailFile = (problem) => {
    throw new InvalidModelError({ file: context.name, problem });
  };
  const model = parseModel(source, fail);
  const { graph } = model;
  if (graph.nodes.length === 0) fail('has a graph without nodes');
  const opset = model.opsets[''];
  if (opset !== undefined && opset < OLDEST_OPSET) {
    throw new InvalidModelError({
      file: context.name,
      problem: `is written for opset ${opset}; nnm reads ${OLDEST_OPSET} to ${NEWEST_OPSET}`,
      hint: 'Convert it with `onnx.version_converter`, or export it again.',
    });
  }
  refuseTwice(graph.initializers, fail);
  refuseTwice(graph.inputs, fail);
  const constants = new Set(graph.initializers.map(({ name }) => name));
  const inputs = pinInputs(
    graph.inputs.filter(({ name }) => !constants.has(name)),
    context,
    fail,
  );
  const known = new Set([...constants, ...inputs.tensors.map(({ name }) => name)]);
  const walk = new GraphWalk(model, inputs, fail);
  walk.addConstants(graph.initializers);
  walk.addNodes(sortNodes(graph.nodes, (name) => known.has(name), fail));
  const outputs = graph.outputs.map(({ name }) => name);
  if (outputs.length === 0) fail('has a graph without outputs');
  const part = walk.reachable(outputs);
  const notes = [...inputs.notes, ...missingFiles(model, context), ...newOpset(opset)];
  return {
    name: context.name,
    format: 'onnx',
    ...(model.producer !== '' && { producer: model.producer }),
    opsets: model.opsets,
    ...part,
    inputs: inputs.tensors.map(({ name }) => name),
    outputs,
    weightBytes: model.weightBytes,
    ...(notes.length > 0 && { notes }),
  };
}

/** A name of two values would make one of them count for both. */
function refuseTwice(values: readonly { readonly name: string }[], fail: FailFile): void {
  const seen = new Set<string>();
  for (const { name } of values) {
    if (seen.has(name)) fail(`defines the value "${name}" twice`);
    seen.add(name);
  }
}

function missingFiles({ externalFiles }: OnnxModel, { hasFile }: ReadContext): readonly string[] {
  const missing = hasFile === undefined ? [] : externalFiles.filter((path) => !hasFile(path));
  return missing.map((path) => `Weights are in "${path}", which is not there; their sizes are known all the same.`);
}

const newOpset = (opset = OLDEST_OPSET): readonly string[] =>
  opset > NEWEST_OPSET ? [`It is written for opset ${opset}, newer than ${NEWEST_OPSET}, the newest that nnm knows.`] : [];
