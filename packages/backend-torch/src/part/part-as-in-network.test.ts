import { type Graph, GraphBuilder, type ValueId } from '@nnm/core';
import { runReference } from '@nnm/core/testing';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { lowerGraph } from '../lowering/lower-graph.ts';
import start from '../runtime.ts';
import { torchCpu } from '../torch-cpu-backend.ts';
import { readModelFile } from './model-file.ts';
import { planPart } from './part-as-in-network.ts';
import { savedModelOf } from './saved-model.ts';

const build = (write: (g: GraphBuilder) => ValueId | readonly ValueId[]): Graph => {
  const g = new GraphBuilder('part');
  return g.build(...[write(g)].flat());
};

/** Operators that are timed; undefined when the part is timed as it is. */
async function timedOperators(graph: Graph): Promise<readonly string[] | undefined> {
  const plan = planPart(lowerGraph(graph, 'part'));
  if (plan === undefined) return undefined;
  const optimised = await savedModelOf(async (file) => {
    const session = await ort.InferenceSession.create(plan.model, {
      optimizedModelFilePath: file,
      intraOpNumThreads: 1,
      logSeverityLevel: 4,
    });
    await session.release();
  });
  const part = plan.cutOut(optimised);
  return part && readModelFile(part).nodes.map(({ operator, inputs }) => `${operator}/${inputs.filter((name) => name !== '').length}`);
}

const isBlocking = async (): Promise<boolean> =>
  (
    (await timedOperators(build((g) => g.conv2d(g.conv2d(g.input([1, 8, 8, 32]), 30, { kernelSize: 1 }), 32, { kernelSize: 1 })))) ?? []
  ).some((name) => name.startsWith('Reorder'));

const image = (g: GraphBuilder, channels = 32): ValueId => g.input([1, 9, 9, channels]);
const conv = (g: GraphBuilder, x: ValueId, filters = 32): ValueId => g.conv2d(x, filters, { kernelSize: 3 });

describe.skipIf(!(await isBlocking()))('a part is timed as it runs in a network (needs a CPU with blocked channels)', () => {
  it.each<[string, (g: GraphBuilder) => ValueId | readonly ValueId[], readonly string[] | undefined]>([
    ['a convolution', (g) => g.activation(g.batchNorm(conv(g, image(g))), 'relu'), ['Conv/3']],
    ['a depthwise convolution', (g) => g.depthwiseConv2d(image(g), { kernelSize: 3 }), ['Conv/3']],
    ['one from few channels, which takes them plain', (g) => conv(g, image(g, 8)), ['Conv/3']],
    ['one from an image', (g) => conv(g, image(g, 3)), ['Conv/3']],
    ['one that blocks nothing', (g) => conv(g, image(g, 18), 18), undefined],
    [
      'hard swish, which a convolution behind it makes one with that before it',
      (g) => g.activation(conv(g, image(g)), 'hswish'),
      ['Conv/3'],
    ],
    ['a residual', (g) => g.activation(g.add(conv(g, image(g)), image(g)), 'relu'), ['Conv/4']],
    ['a sum', (g) => g.add(image(g), image(g)), ['Add/2']],
    ['ReLU6 alone', (g) => g.activation(image(g), 'relu6'), ['Clip/3']],
    ['two halves, which are cut plain', (g) => g.split(image(g), 2), ['Split/2']],
    [
      'a part that others read plain and blocked',
      (g) => {
        const x = image(g);
        return g.mul(x, g.activation(g.conv2d(g.globalAvgPool(x, true), 32, { kernelSize: 1 }), 'hsigmoid'));
      },
      ['GlobalAveragePool/1', 'Conv/3', 'ReorderOutput/1', 'ReorderOutput/1', 'Mul/2'],
    ],
    ['rows', (g) => g.dense(g.input([1, 4, 8]), 8), undefined],
    ['nothing at all', (g) => image(g), undefined],
  ])('%s', async (_, write, operators) => {
    const timed = await timedOperators(build(write));
    expect(timed && [...timed].sort()).toEqual(operators && [...operators].sort());
  });
});

describe.each(['c_api', 'javascript'])('a part through %s', (CALL) => {
  it.each<[string, (g: GraphBuilder) => ValueId | readonly ValueId[]]>([
    ['a convolution', (g) => g.activation(conv(g, image(g), 20), 'relu')],
    ['a residual', (g) => g.add(conv(g, image(g)), image(g))],
    [
      'padding alone',
      (g) =>
        g.pad(image(g), [
          [0, 0],
          [1, 1],
          [1, 1],
          [0, 0],
        ]),
    ],
    ['nothing at all', (g) => image(g)],
  ])('%s runs, and computes what the whole model computes', async (_, write) => {
    const graph = build(write);
    const runtime = await start(torchCpu.parseSettings({ CALL }));
    const model = await runtime.load(torchCpu.convert(graph, 'torch', 'part'));
    await model.run();
    const inputs = graph.inputs.map(({ shape }, input) => ({
      shape,
      data: Float32Array.from({ length: shape.reduce((all, size) => all * size, 1) }, (_, i) => Math.sin(i + input)),
    }));
    const [answer] = await model.execute(inputs);
    const [expected] = runReference(graph, inputs, 'torch');
    expect(answer?.shape).toEqual(expected?.shape);
    answer?.data.forEach((value, i) => {
      expect(value).toBeCloseTo(expected?.data[i] as number, 3);
    });
    await model.run();
    await model.close();
    await expect(async () => model.run()).rejects.toThrow('closed');
    await runtime.close();
  });
});
