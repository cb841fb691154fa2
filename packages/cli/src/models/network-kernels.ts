import { type AnyKernel, type Graph, type Implement, kernelImplement, type Op, type Registry, type ValueId } from '@nnm/core';
import { builtInRules, detectKernels, liftKernelGraph, Recogniser } from '@nnm/model';
import { network, networkNames } from '@nnm/zoo';

/** A network as exporters write it: a batch normalisation behind a convolution is in its weights. */
function foldBatchNorms(graph: Graph): Graph {
  const folded = new Map<ValueId, ValueId>();
  const byOutput = new Map(graph.ops.map((op) => [op.outputs[0], op]));
  for (const op of graph.ops) {
    const producer = byOutput.get(op.inputs[0]);
    if (op.op === 'batchNorm' && (producer?.op === 'conv2d' || producer?.op === 'depthwiseConv2d'))
      folded.set(op.outputs[0]!, op.inputs[0]!);
  }
  const withBias = new Set(folded.values());
  const ops = graph.ops
    .filter((op) => !folded.has(op.outputs[0]!))
    .map((op) => ({
      ...op,
      inputs: op.inputs.map((id) => folded.get(id) ?? id),
      ...(withBias.has(op.outputs[0]!) && { useBias: true }),
    })) as readonly Op[];
  return { ...graph, ops, outputs: graph.outputs.map((id) => folded.get(id) ?? id) };
}

/**
 * The kernels that published networks are made of on a backend: those that its rules find in the zoo.
 */
export function networkKernels(registry: Registry, backend: string, implement: Implement): readonly AnyKernel[] {
  const recogniser = new Recogniser(registry.kernels.map(({ value }) => value));
  const found = new Set<string>();
  for (const name of networkNames) {
    const graph = network(name);
    // Files hold batch normalisation in the weights of the convolutions.
    for (const form of [graph, foldBatchNorms(graph)]) {
      const lifted = liftKernelGraph(form, { implement });
      // Which layout the runtime will have is not known before it is started.
      const parts = builtInRules(backend).flatMap((rules) => detectKernels(lifted, rules, recogniser));
      for (const { match } of parts) if (match !== undefined) found.add(match.kernel);
    }
  }
  return registry.kernels
    .map(({ value }) => value)
    .filter((kernel) => found.has(kernel.type) && kernelImplement(kernel).includes(implement));
}
