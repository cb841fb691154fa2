import { drawWeights, GraphBuilder, inferShapes } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { readModel } from '../flatbuffer/read.ts';
import { writeModel } from '../flatbuffer/write.ts';
import { batchNormAffine, foldBatchNorms } from './fold-batch-norm.ts';
import { lowerGraph } from './lower-graph.ts';

const affine = (scale: readonly number[], shift: readonly number[]) => ({
  scale: Float64Array.from(scale),
  shift: Float64Array.from(shift),
});

describe('batchNormAffine', () => {
  it('is a multiplication and an addition', () => {
    const op = { op: 'batchNorm', inputs: ['x'], outputs: ['y'], epsilon: 0.25 } as const;
    const vector = (value: number) => ({ shape: [1], data: Float32Array.of(value) });
    // 3 * (x - 2) / sqrt(0.75 + 0.25) + 0.5
    expect(batchNormAffine(op, { gamma: vector(3), beta: vector(0.5), mean: vector(2), variance: vector(0.75) })).toEqual(
      affine([3], [-5.5]),
    );
  });
});

describe('foldBatchNorms', () => {
  it('gives zeros for a layer without bias', () => {
    expect(foldBatchNorms(2, undefined, [])).toEqual({ bias: Float32Array.of(0, 0) });
  });

  it('scales the bias and adds the shift, one after another', () => {
    const folded = foldBatchNorms(2, Float32Array.of(1, 2), [affine([2, 3], [0.5, 1]), affine([10, -1], [0, 4])]);
    // ((1 * 2 + 0.5) * 10 + 0, (2 * 3 + 1) * -1 + 4)
    expect(folded).toEqual({ scale: Float64Array.of(20, -3), bias: Float32Array.of(25, -3) });
  });

  it('rounds each folded weight once', () => {
    const g = new GraphBuilder('kernel', 21);
    const graph = g.build(g.batchNorm(g.conv2d(g.input([1, 4, 4, 2]), 3, { kernelSize: [1, 2] }), 1e-5));
    const shapes = inferShapes(graph);
    const [conv, norm] = graph.ops as [(typeof graph.ops)[0], (typeof graph.ops)[0]];
    const kernel = drawWeights(graph, conv, shapes).kernel!.data;
    const { gamma, variance } = drawWeights(graph, norm, shapes);
    const model = readModel(writeModel(lowerGraph(graph)));
    const tensor = model.subgraphs[0]!.tensors.find(({ name }) => name.endsWith('/kernel'))!;
    const folded = new Float32Array(Uint8Array.from(model.buffers[tensor.buffer]!.data!).buffer);
    expect(tensor.shape).toEqual([3, 1, 2, 2]);
    // [kh, kw, cin, filters] to [filters, kh, kw, cin]
    const expected = [0, 1, 2].flatMap((filter) =>
      [0, 1, 2, 3].map((position) =>
        Math.fround(kernel[position * 3 + filter]! * (gamma!.data[filter]! / Math.sqrt(variance!.data[filter]! + 1e-5))),
      ),
    );
    expect([...folded]).toEqual(expected);
  });
});
