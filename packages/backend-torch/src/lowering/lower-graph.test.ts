import { mkdtempSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { drawWeights, type Graph, GraphBuilder, inferShapes, Rng } from '@nnm/core';
import { edgeGraphs, maxRelativeError, randomTensors, runReference } from '@nnm/core/testing';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { lowerGraph } from './lower-graph.ts';
import { readNotes } from './model-metadata.ts';
import { decodeModel, type NodeProto } from './onnx-schema.ts';
import { toChannelsFirst, toChannelsLast } from './weight-layout.ts';

function build(write: (g: GraphBuilder) => string | readonly string[]): Graph {
  const g = new GraphBuilder('test', 7);
  return g.build(...[write(g)].flat());
}

const nodesOf = (graph: Graph): readonly NodeProto[] => decodeModel(lowerGraph(graph)).graph.node;
const opTypes = (graph: Graph): readonly string[] => nodesOf(graph).map(({ opType }) => opType);
const attribute = (node: NodeProto | undefined, name: string) => node?.attribute.find((a) => a.name === name);

/** Run a model with ONNX Runtime's own reader and plain feeds, nothing of this package around it. */
async function runWithOrt(graph: Graph, inputs: ReturnType<typeof randomTensors>) {
  const model = lowerGraph(graph);
  const asInGraph = readNotes(model).channelsLast;
  const session = await ort.InferenceSession.create(model, { graphOptimizationLevel: 'disabled', logSeverityLevel: 4 });
  const feeds = graph.inputs.map(({ id }, index) => {
    const { shape, data } = inputs[index] as (typeof inputs)[number];
    const [n, h, w, c] = shape as [number, number, number, number];
    if (shape.length !== 4 || asInGraph.has(id)) return [id, new ort.Tensor('float32', data, shape)] as const;
    const channelsFirst = new Float32Array(data.length);
    toChannelsFirst(data, shape, channelsFirst);
    return [id, new ort.Tensor('float32', channelsFirst, [n, c, h, w])] as const;
  });
  const results = await session.run(Object.fromEntries(feeds));
  const outputs = session.outputNames.map((name) => {
    const { dims, data } = results[name] as ort.Tensor;
    const [n, c, h, w] = dims as [number, number, number, number];
    if (dims.length !== 4 || asInGraph.has(name)) return { shape: dims, data: data as Float32Array };
    const channelsLast = new Float32Array(data.length);
    toChannelsLast(data as Float32Array, dims, channelsLast);
    return { shape: [n, h, w, c], data: channelsLast };
  });
  await session.release();
  return outputs;
}

describe('models, read by onnxruntime-node', () => {
  it.each(edgeGraphs().map(({ name, graph }) => [name, graph] as const))('compute what the reference computes: %s', async (_, graph) => {
    const inputs = randomTensors(graph, new Rng(3));
    expect(maxRelativeError(await runWithOrt(graph, inputs), runReference(graph, inputs, 'torch'))).toBeLessThan(1e-4);
  });

  it.each([1, 4])('compute what the reference computes for a whole block, batch %i', async (batch) => {
    const graph = build((g) => {
      const x = g.input([batch, 9, 9, 4]);
      const y = g.activation(g.batchNorm(g.conv2d(x, 8, { kernelSize: 3, strides: 2, useBias: false })), 'hswish');
      const gate = g.activation(g.conv2d(g.globalAvgPool(y, true), 8, { kernelSize: 1 }), 'hsigmoid');
      const [a, b] = g.split(g.mul(y, gate), 2) as [string, string];
      const z = g.channelShuffle(g.concat([g.maxPool(a, { kernelSize: 2 }), g.avgPool(b, { kernelSize: 3 })]), 2);
      return g.dense(g.activation(g.flatten(z), 'swish'), 10);
    });
    const inputs = randomTensors(graph, new Rng(4));
    expect(maxRelativeError(await runWithOrt(graph, inputs), runReference(graph, inputs, 'torch'))).toBeLessThan(1e-4);
  });

  it('declare [n, c, h, w] inputs and outputs under the names of the graph', async () => {
    const graph = build((g) => g.conv2d(g.input([2, 5, 7, 3]), 4, { kernelSize: 3, strides: 2 }));
    const session = await ort.InferenceSession.create(lowerGraph(graph));
    expect(session.inputMetadata).toMatchObject([{ name: graph.inputs[0]?.id, type: 'float32', shape: [2, 3, 5, 7] }]);
    expect(session.outputMetadata).toMatchObject([{ name: graph.outputs[0], type: 'float32', shape: [2, 4, 3, 4] }]);
  });

  it('hold every weight at the place PyTorch keeps it', () => {
    const graph = build((g) => g.conv2d(g.input([1, 4, 4, 2]), 3, { kernelSize: [1, 2] }));
    const { kernel } = drawWeights(graph, graph.ops[0]!, inferShapes(graph));
    const [weight] = decodeModel(lowerGraph(graph)).graph.initializer;
    expect(weight?.dims).toEqual([3, 2, 1, 2]);
    const data = new Float32Array(Uint8Array.from(weight?.rawData ?? []).buffer);
    // Filter 2, input channel 1, column 0: [kh, kw, cin, filters] index (0 * 2 + 1) * 3 + 2.
    expect(data[(2 * 2 + 1) * 2 + 0]).toBe(kernel?.data[5]);
  });

  it('keep their value when a graph hands an input through or lists an output twice', async () => {
    const graph = build((g) => {
      const x = g.input([1, 2, 2, 3]);
      const y = g.activation(x, 'relu');
      return [x, y, y];
    });
    const inputs = randomTensors(graph, new Rng(5));
    expect(maxRelativeError(await runWithOrt(graph, inputs), runReference(graph, inputs, 'torch'))).toBe(0);
  });
});

describe('nodes', () => {
  it('leave batch norm and activation to the runtime', () => {
    const conv = (g: GraphBuilder) => g.batchNorm(g.conv2d(g.input([1, 8, 8, 3]), 4, { kernelSize: 3 }));
    expect(opTypes(build((g) => g.activation(conv(g), 'relu')))).toEqual(['Conv', 'BatchNormalization', 'Relu']);
    expect(opTypes(build((g) => g.activation(conv(g), 'relu6')))).toEqual(['Conv', 'BatchNormalization', 'Clip']);
    expect(opTypes(build((g) => g.activation(conv(g), 'hswish')))).toEqual(['Conv', 'BatchNormalization', 'HardSwish']);
    expect(opTypes(build((g) => g.activation(conv(g), 'swish')))).toEqual(['Conv', 'BatchNormalization', 'Sigmoid', 'Mul']);
  });

  it('are fused by ONNX Runtime into one', async () => {
    const graph = build((g) => g.activation(g.batchNorm(g.conv2d(g.input([1, 8, 8, 3]), 4, { kernelSize: 3 })), 'relu'));
    const optimizedModelFilePath = path.join(mkdtempSync(path.join(os.tmpdir(), 'nnm-')), 'optimised.onnx');
    const options = { graphOptimizationLevel: 'extended', optimizedModelFilePath, logSeverityLevel: 4 } as const;
    await (await ort.InferenceSession.create(lowerGraph(graph), options)).release();
    expect(decodeModel(readFileSync(optimizedModelFilePath)).graph.node.map(({ opType }) => opType)).toEqual(['FusedConv']);
  });

  it('carry explicit padding, [top, left, bottom, right], as a PyTorch module has it', () => {
    const pads = (size: number, kernelSize: number, strides: number): unknown =>
      attribute(nodesOf(build((g) => g.conv2d(g.input([1, size, size, 2]), 2, { kernelSize, strides })))[0], 'pads')?.ints;
    expect(pads(8, 3, 2)).toEqual([1, 1, 1, 1]);
    expect(pads(1, 3, 1)).toEqual([1, 1, 1, 1]);
    expect(pads(9, 1, 4)).toEqual([0, 0, 0, 0]);
    expect(pads(7, 2, 2)).toEqual([1, 1, 1, 1]);
    expect(pads(7, 2, 1)).toEqual([0, 0, 1, 1]);
    expect(pads(224, 7, 2)).toEqual([3, 3, 3, 3]);
  });

  it('flatten without a transpose where dense layers alone read the result', () => {
    const head = (read: (g: GraphBuilder, flat: string) => string | readonly string[]) =>
      opTypes(build((g) => read(g, g.flatten(g.input([1, 2, 2, 3])))));
    expect(head((g, flat) => [g.dense(flat, 4), g.dense(flat, 5)])).toEqual(['Flatten', 'Gemm', 'Gemm']);
    expect(head((g, flat) => g.dense(g.activation(flat, 'relu'), 4))).toEqual(['Flatten', 'Relu', 'Gemm']);
    expect(head((g, flat) => [g.dense(flat, 4), flat])).toEqual(['Transpose', 'Flatten', 'Gemm']);
    expect(head((g, flat) => g.dense(g.batchNorm(flat), 4))).toEqual(['Transpose', 'Flatten', 'BatchNormalization', 'Gemm']);
  });

  it('get names of their own when the graph already uses the obvious one', async () => {
    const source = build((g) => g.globalAvgPool(g.input([1, 3, 3, 2])));
    const graph: Graph = JSON.parse(JSON.stringify(source).replaceAll('input0', 'globalAvgPool0/pooled'));
    const inputs = randomTensors(graph, new Rng(6));
    expect(maxRelativeError(await runWithOrt(graph, inputs), runReference(graph, inputs, 'torch'))).toBeLessThan(1e-5);
  });
});

describe('layouts', () => {
  const attention = (g: GraphBuilder) => {
    const [q, k, v] = [0, 1, 2].map(() => g.input([1, 2, 5, 4])) as [string, string, string];
    return g.matmul(g.softmax(g.mul(g.matmul(q, k, { transposeB: true }), 0.5)), v);
  };

  it('leave what no convolution is near as it is in the graph', () => {
    const graph = build(attention);
    expect(opTypes(graph)).toEqual(['Transpose', 'MatMul', 'Mul', 'Softmax', 'MatMul']);
    const model = lowerGraph(graph);
    expect([...readNotes(model).channelsLast]).toEqual(['input0', 'input1', 'input2', graph.outputs[0]]);
    expect(decodeModel(model).graph.input[0]?.type.tensorType.shape.dim.map(({ dimValue }) => dimValue)).toEqual([1, 2, 5, 4]);
  });

  it('keep rows together that are worked on one by one, unless they are the channels of an image', () => {
    const scores = build((g) => g.softmax(g.mul(g.input([1, 2, 5, 4]), 0.5)));
    expect([...readNotes(lowerGraph(scores)).channelsLast]).toEqual(['input0', scores.outputs[0]]);
    const classes = build((g) => g.softmax(g.conv2d(g.input([1, 6, 6, 3]), 4, { kernelSize: 1 })));
    expect(readNotes(lowerGraph(classes)).channelsLast.size).toBe(0);
  });

  it('change where a convolution meets what needs the graph’s order, and nowhere else', () => {
    // A block of ConvNeXt: PyTorch permutes after the depthwise convolution and before the residual.
    const graph = build((g) => {
      const x = g.input([1, 6, 6, 4]);
      const y = g.dense(g.gelu(g.dense(g.layerNorm(g.depthwiseConv2d(x, { kernelSize: 7 })), 16)), 4);
      return g.conv2d(g.add(x, y), 4, { kernelSize: 1 });
    });
    expect(opTypes(graph).filter((type) => type === 'Transpose')).toHaveLength(2);
    expect(readNotes(lowerGraph(graph)).channelsLast.size).toBe(0);
  });

  it('say nothing in models of images', () => {
    const model = decodeModel(lowerGraph(build((g) => g.conv2d(g.input([1, 4, 4, 3]), 4, { kernelSize: 3 }))));
    expect(model.metadataProps).toEqual([]);
  });

  it('fuse to what the runtime fuses of PyTorch’s models', async () => {
    const graph = build((g) => g.gelu(g.dense(g.input([1, 5, 8]), 16)));
    const optimizedModelFilePath = path.join(mkdtempSync(path.join(os.tmpdir(), 'nnm-')), 'optimised.onnx');
    const options = { graphOptimizationLevel: 'extended', optimizedModelFilePath, logSeverityLevel: 4 } as const;
    await (await ort.InferenceSession.create(lowerGraph(graph), options)).release();
    const types = decodeModel(readFileSync(optimizedModelFilePath)).graph.node.map(({ opType }) => opType);
    expect(types.filter((type) => /Gelu$/.test(type))).toHaveLength(1);
    expect(types).not.toContain('Erf');
  });
});

describe('lowering', () => {
  it('gives equal bytes for equal graphs and other bytes for another seed', () => {
    const write = (seed: number) => {
      const g = new GraphBuilder('same', seed);
      return g.build(g.conv2d(g.input([1, 4, 4, 3]), 4, { kernelSize: 3 }));
    };
    expect(Buffer.compare(lowerGraph(write(1)), lowerGraph(write(1)))).toBe(0);
    expect(Buffer.compare(lowerGraph(write(1)), lowerGraph(write(2)))).not.toBe(0);
  });

  it('refuses what an ONNX file cannot hold before it draws any weights', () => {
    const graph = build((g) => g.dense(g.dense(g.input([1, 20_000]), 20_000), 15_000));
    expect(() => lowerGraph(graph)).toThrow(
      'torch_cpu cannot convert the graph "test": its weights take 2.6 GiB and an ONNX file holds less than 2 GiB.',
    );
  });
});
