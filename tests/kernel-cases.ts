import { type AnyKernel, countWork, type Graph, type Implement, Rng, type Tensor } from '@nnm/core';
import { randomTensors, runReference } from '@nnm/core/testing';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import kernelsTensor from '@nnm/kernels-tensor';
import kernelsTransformer from '@nnm/kernels-transformer';
import { edgeConfigs, toleranceOf } from './edge-configs.ts';

/** Every built-in kernel. */
export const KERNELS: readonly AnyKernel[] = [kernelsConv, kernelsMisc, kernelsTensor, kernelsTransformer].flatMap(
  (plugin) => plugin.kernels ?? [],
);

/** A kernel in one configuration, and what the reference makes of it. */
export interface KernelCase {
  /** Kernel and configuration, for messages. */
  readonly what: string;
  readonly graph: Graph;
  readonly inputs: readonly Tensor[];
  /** Outputs under a framework's padding, computed once. */
  readonly reference: (implement: Implement) => readonly Tensor[];
  /** How far a runtime may be from it. */
  readonly tolerance: number;
}

/**
 * A kernel at the corners of its space, some of them with a batch of four.
 *
 * @param mostFlops - larger ones are left out but the first: they are the same operators, and take seconds where nothing is fast
 */
export function kernelCases(kernel: AnyKernel, mostFlops: number): readonly KernelCase[] {
  return edgeConfigs(kernel).flatMap((config, index): readonly KernelCase[] => {
    const batchSize = index % 4 === 0 ? 4 : 1;
    const graph = new kernel.block(config, batchSize).getModel();
    if (index > 0 && countWork(graph).flops > mostFlops) return [];
    const inputs = randomTensors(graph, new Rng(graph.seed).fork('inputs'));
    const what = `${kernel.type} ${JSON.stringify(config)} batch ${batchSize}`;
    return [{ what, graph, inputs, reference: referenceOf(graph, inputs), tolerance: toleranceOf(kernel, config) }];
  });
}

function referenceOf(graph: Graph, inputs: readonly Tensor[]): KernelCase['reference'] {
  const known = new Map<Implement, readonly Tensor[]>();
  return (implement) => {
    const outputs = known.get(implement) ?? runReference(graph, inputs, implement);
    known.set(implement, outputs);
    return outputs;
  };
}
