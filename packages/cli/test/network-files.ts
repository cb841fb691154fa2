import tflite from '@nnm/backend-tflite';
import { type AnyBackend, type Graph, GraphBuilder } from '@nnm/core';
import type { Bundle } from '@nnm/model';

// A machine of 20 GFLOP/s and 10 GB/s, described by its estimate alone.
const costs = [
  { feature: 'FLOPS', index: 0, msPerUnit: 1 / 2e7 },
  { feature: 'BYTES', index: 1, msPerUnit: 1 / 1e7 },
];
const estimate = { any: { baseline: { launchMs: 0.002, costs }, rows: 100, kernels: 5, factor80: 1.1, factor95: 1.2 }, classes: {} };

/** A bundle that prices every part by its work. */
export const estimateBundle: Bundle = {
  backend: 'tflite_cpu',
  implement: 'tensorflow',
  batchSize: 1,
  environment: null,
  predictors: new Map(),
  estimate,
  nnmVersion: '',
};

/** A network of three operators: a convolution, its ReLU and a pooling. */
export function smallNetwork(batchSize = 1): Graph {
  const g = new GraphBuilder('net');
  const x = g.activation(g.conv2d(g.input([batchSize, 56, 56, 32]), 64, { kernelSize: 3 }), 'relu');
  return g.build(g.globalAvgPool(x));
}

/** A graph as the bytes of a `.tflite` file. */
export async function tfliteFile(graph: Graph): Promise<Uint8Array> {
  const [backend] = tflite.backends as readonly [AnyBackend];
  return backend.convert(graph, 'tensorflow');
}
