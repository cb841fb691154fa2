import { GraphBuilder } from '@nnm/core';
import { backendContract } from '@nnm/core/testing';
import { expect, it } from 'vitest';
import startRuntime from './runtime.ts';
import { tfjsEager } from './tfjs-eager-backend.ts';

for (const { name, run } of backendContract(tfjsEager, { factory: startRuntime })) it(name, run);

it('frees every tensor of a model', async () => {
  const tf = await import('@tensorflow/tfjs-core');
  const runtime = await startRuntime({ SIMD: true });
  const before = tf.memory().numTensors;
  const g = new GraphBuilder('freed');
  const model = await runtime.load(tfjsEager.convert(g.build(g.depthwiseConv2d(g.input([1, 4, 4, 2]), { kernelSize: 3 })), 'tensorflow'));
  await model.run();
  await model.execute([{ shape: [1, 4, 4, 2], data: new Float32Array(32) }]);
  await model.close();
  expect(tf.memory().numTensors).toBe(before);
});
