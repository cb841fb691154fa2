import { type AnyKernel, type Implement, kernelImplement, type Registry } from '@nnm/core';
import { liftKernelGraph, modelPredictor } from '@nnm/model';
import { network, networkNames } from '@nnm/zoo';

/** Least share of the zoo's parts that makes a kernel worth measuring. */
const LEAST_NETWORKS = 2;

/**
 * The kernels that published networks are made of on a backend: those that its rules find in at least two networks of the zoo. Of the
 * larger networks of a series the smaller ones stand for all.
 */
export function networkKernels(registry: Registry, backend: string, implement: Implement): readonly AnyKernel[] {
  const empty = { backend, implement, batchSize: 1, environment: null, predictors: new Map(), nnmVersion: '' };
  const finder = modelPredictor({ bundle: empty, registry });
  const found = new Map<string, number>();
  for (const name of networkNames) {
    const parts = finder.detect(liftKernelGraph(network(name), { implement }));
    for (const type of new Set(parts.flatMap(({ match }) => match?.kernel ?? []))) found.set(type, (found.get(type) ?? 0) + 1);
  }
  return registry.kernels
    .map(({ value }) => value)
    .filter((kernel) => (found.get(kernel.type) ?? 0) >= LEAST_NETWORKS && kernelImplement(kernel).includes(implement));
}
