import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GraphBuilder, Rng } from '@nnm/core';
import { maxRelativeError, randomTensors, runReference } from '@nnm/core/testing';
import '@tensorflow/tfjs-backend-cpu';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { tfjsCpu } from '../index.ts';
import { crc32 } from './crc32.ts';
import { readModelFile } from './model-file.ts';
import { readZip } from './read-zip.ts';

const g = new GraphBuilder('two outputs', 3);
const x = g.activation(g.batchNorm(g.conv2d(g.input([1, 8, 8, 3]), 4, { kernelSize: 3 })), 'relu6');
const graph = g.build(g.dense(g.globalAvgPool(x), 5), x);
const bytes = tfjsCpu.convert(graph);
const inputs = randomTensors(graph, new Rng(1));
const expected = runReference(graph, inputs, 'tensorflow');

/** What a model makes of the inputs. */
function predict(model: Awaited<ReturnType<typeof loadGraphModel>>): number {
  const outputs = model.predict(tf.tensor(inputs[0]!.data, [1, 8, 8, 3])) as tf.Tensor[];
  return maxRelativeError(
    outputs.map((output) => ({ shape: output.shape, data: output.dataSync() as Float32Array })),
    expected,
  );
}

describe('a model file', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it('is what tf.loadGraphModel loads from memory', async () => {
    const artifacts = readModelFile(bytes) as unknown as tf.io.ModelArtifacts;
    expect(predict(await loadGraphModel(tf.io.fromMemory(artifacts)))).toBeLessThan(1e-5);
  });

  it('is the folder that tf.loadGraphModel loads by URL', async () => {
    const files = readZip(bytes);
    const server = createServer(({ url = '' }, response) => response.end(files.get(url.slice(1))));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const model = await loadGraphModel(`http://127.0.0.1:${port}/model.json`);
    expect(predict(model)).toBeLessThan(1e-5);
    await new Promise((resolve) => server.close(resolve));
  });

  it('holds numbers where they can be read, with the checksums of zip files', () => {
    for (const content of readZip(bytes).values()) expect(content.byteOffset % 64).toBe(0);
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  });
});
