import { tfjsWasm } from '@nnm/backend-tfjs';
import tflite, { tfliteCpu } from '@nnm/backend-tflite';
import { buildPredictorForKernel, memoryContext } from '@nnm/builder';
import {
  type AnyBackend,
  type AnyKernel,
  BaseBlock,
  blockGraph,
  blockWork,
  countWork,
  createRegistry,
  definePlugin,
  type Graph,
  GraphBuilder,
  Rng,
  runToEnd,
} from '@nnm/core';
import {
  kernelContract,
  maxRelativeError,
  ReferenceBackend,
  randomTensors,
  runContract,
  runReference,
  startRuntime,
} from '@nnm/core/testing';
import { acceptLayers, fromLayersModel, LayersBlock } from '@nnm/model/layers';
import * as core from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { SeparableGateBlock, separableGate } from './separable-gate.ts';

for (const { name, run } of kernelContract(separableGate, { backends: [new ReferenceBackend()] })) it(name, run);

const config = { HW: 14, CIN: 8, KERNEL_SIZE: 3 };

it('is the graph that GraphBuilder writes, the same every time, and leaves no tensor behind', () => {
  const graph = blockGraph(new SeparableGateBlock(config, 2));
  const g = new GraphBuilder('SeparableGateBlock');
  const x = g.input([2, 14, 14, 8]);
  const filtered = g.conv2d(g.depthwiseConv2d(x, { kernelSize: 3, useBias: false }), 8, {
    kernelSize: 1,
    useBias: false,
    padding: 'valid',
  });
  const y = g.activation(g.batchNorm(filtered), 'relu6');
  const gate = g.activation(g.dense(g.globalAvgPool(y), 8), 'sigmoid');
  expect(graph).toEqual(g.build(g.mul(y, g.reshape(gate, [2, 1, 1, 8]))));
  const before = core.memory().numTensors;
  expect(blockGraph(new SeparableGateBlock(config, 2))).toEqual(graph);
  expect(core.memory().numTensors).toBe(before);
});

it.each([[tfliteCpu], [tfjsWasm]] as [AnyBackend][])('computes the same on %o as the reference', async (backend) => {
  const graph = blockGraph(new SeparableGateBlock(config));
  const inputs = randomTensors(graph, new Rng(1));
  const runtime = await startRuntime({ backend });
  const model = await runtime.load(await backend.convert(graph, 'tensorflow'));
  expect(maxRelativeError(await model.execute(inputs), runReference(graph, inputs, 'tensorflow'))).toBeLessThan(1e-4);
  await model.close();
  await runtime.close();
});

describe('a block whose getModel gives layers', () => {
  const layers = () => tf.sequential({ layers: [tf.layers.conv2d({ inputShape: [14, 14, 8], filters: 4, kernelSize: 3 })] });

  it('has the shapes and the batch of its graph, where it does not give them', () => {
    class Bare extends LayersBlock {
      override getModel() {
        return layers();
      }
    }
    const block = new Bare({}, 4);
    expect([block.inputShape, block.inputTensorShape]).toEqual([[14, 14, 8], [[14, 14, 8]]]);
    expect(blockGraph(block)).toMatchObject({ name: 'Bare', inputs: [{ shape: [4, 14, 14, 8] }], ops: [{ op: 'conv2d' }] });
  });

  it('that gives nothing is named', () => {
    class Empty extends LayersBlock {
      override getModel() {
        return undefined;
      }
    }
    expect(() => blockGraph(new Empty({}) as LayersBlock)).toThrow('getModel of Empty gives nothing (undefined), not a kernel graph.');
  });

  it('may give a kernel graph for some configurations', () => {
    class Either extends LayersBlock<{ readonly HW: number }> {
      override getModel() {
        const g = new GraphBuilder('either');
        return this.config.HW > 1 ? layers() : g.build(g.activation(g.input([this.batchSize, 3]), 'relu'));
      }
    }
    expect([1, 2].map((HW) => blockGraph(new Either({ HW })).ops.map(({ op }) => op))).toEqual([['activation'], ['conv2d']]);
  });

  it('may extend BaseBlock in a plugin that takes layers: nnm makes so of every plugin that it loads', () => {
    class Written extends BaseBlock<{ readonly HW: number }> {
      override getModel() {
        return layers() as unknown as Graph;
      }
    }
    class Derived extends Written {}
    const kernels = [Written, Derived, SeparableGateBlock].map(
      (block): AnyKernel => ({ ...separableGate, block: block as AnyKernel['block'] }),
    );
    expect(acceptLayers(definePlugin({ name: 'mine', apiVersion: 1, kernels })).kernels).toEqual(kernels);
    expect(blockGraph(new Written({ HW: 14 }, 4))).toMatchObject({ name: 'Written', inputs: [{ shape: [4, 14, 14, 8] }] });
    expect(new Derived({ HW: 14 }).inputShape).toEqual([14, 14, 8]);
    expect(blockWork(Written)({ HW: 14 })).toEqual(countWork(new Written({ HW: 14 }).getModel()));
    expect(blockGraph(new SeparableGateBlock(config)).name).toBe('SeparableGateBlock');
  });

  it('is told what to write when it extends BaseBlock, by whoever needs its graph', async () => {
    class Forgotten extends BaseBlock {
      override getModel() {
        return layers() as unknown as Graph;
      }
    }
    const problem = {
      code: 'ERR_NO_KERNEL_GRAPH',
      message: 'getModel of Forgotten gives a layers model of TensorFlow.js, not a kernel graph.',
      hint: expect.stringMatching(
        /^Write `extends LayersBlock` instead of `extends BaseBlock`, with `import .* from '@nnm\/model\/layers'`/,
      ),
    };
    expect(() => blockGraph(new Forgotten({}))).toThrow(expect.objectContaining(problem));
    const broken = { ...separableGate, block: Forgotten };
    const registry = createRegistry([definePlugin({ name: 'forgotten', apiVersion: 1, kernels: [broken] }), tflite]);
    const context = memoryContext(registry, { backend: 'tflite_cpu', kernels: { 'separable-gate': { initSampleNum: 4 } } });
    await expect(runToEnd(buildPredictorForKernel('separable-gate', context))).rejects.toMatchObject(problem);
    const failed = (await runContract(kernelContract(broken))).flatMap(({ error }) => error?.message ?? []);
    expect(failed).toContainEqual(expect.stringContaining(problem.message));
  });
});

describe('a layers model', () => {
  const sequential = (...layers: tf.layers.Layer[]): Graph => fromLayersModel(tf.sequential({ layers }), { name: 'mine' });
  const input = tf.layers.inputLayer({ inputShape: [8, 8, 4] });
  const opsOf = ({ ops }: Graph): readonly string[] => ops.map(({ op }) => op);

  it('of a sequence of layers becomes their ops, what only trains left out', () => {
    const graph = sequential(
      tf.layers.conv2d({ inputShape: [8, 8, 4], filters: 6, kernelSize: 3, strides: 2, activation: 'relu' }),
      tf.layers.dropout({ rate: 0.5 }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 10, activation: 'softmax' }),
    );
    expect(opsOf(graph)).toEqual(['conv2d', 'activation', 'maxPool', 'reshape', 'dense', 'softmax']);
    expect(graph.inputs).toEqual([{ id: 'input0', shape: [1, 8, 8, 4] }]);
  });

  it('of several inputs and outputs keeps their order', () => {
    const [a, b] = [tf.input({ shape: [4, 4, 2] }), tf.input({ shape: [4, 4, 3] })];
    const joined = tf.layers.concatenate().apply([a, b]) as tf.SymbolicTensor;
    const last = tf.layers.reLU().apply(joined) as tf.SymbolicTensor;
    const graph = fromLayersModel(tf.model({ inputs: [a, b], outputs: [last, joined] }), { name: 'two', batchSize: 3 });
    expect(graph.inputs.map(({ shape }) => shape)).toEqual([
      [3, 4, 4, 2],
      [3, 4, 4, 3],
    ]);
    expect(graph.outputs).toEqual(['activation1', 'concat0']);
  });

  it('names every layer that cannot be said, and those that can', () => {
    const build = () =>
      sequential(
        tf.layers.reshape({ inputShape: [8, 8, 4], targetShape: [64, 4] }),
        tf.layers.lstm({ units: 3, recurrentInitializer: 'zeros' }),
        tf.layers.repeatVector({ n: 2 }),
      );
    expect(build).toThrow(
      /The layers model "mine" cannot be a kernel: "lstm_LSTM\d+" \(LSTM has no equivalent in nnm\); "repeat_vector_RepeatVector\d+"/,
    );
    expect(build).toThrow(
      expect.objectContaining({ code: 'ERR_LAYERS_MODEL', hint: expect.stringContaining('Conv2D, Conv2DTranspose, Dense,') }),
    );
  });

  it('of an activation or a form that nnm has no word for is refused by name', () => {
    expect(() => sequential(input, tf.layers.conv2d({ filters: 2, kernelSize: 1, activation: 'softsign' }))).toThrow(
      /Conv2D has the activation softsign, which nnm has no word for/,
    );
    expect(() => sequential(tf.layers.conv2d({ inputShape: [4, 8, 8], filters: 2, kernelSize: 1, dataFormat: 'channelsFirst' }))).toThrow(
      /Conv2D has its channels first/,
    );
  });

  it('with a model or a shared layer inside says so', () => {
    expect(() => sequential(input, tf.sequential({ layers: [tf.layers.reLU({ inputShape: [8, 8, 4] })] }))).toThrow(
      /has the model ".+" inside it/,
    );
    const x = tf.input({ shape: [4] });
    const shared = tf.layers.dense({ units: 4 });
    const outputs = shared.apply(shared.apply(x)) as tf.SymbolicTensor;
    expect(() => fromLayersModel(tf.model({ inputs: x, outputs }), { name: 'twice' })).toThrow(/calls its layer ".+" more than once/);
  });
});
