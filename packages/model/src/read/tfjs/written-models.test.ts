import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tfjsCpu } from '@nnm/backend-tfjs';
import { UnsupportedOperatorError } from '@nnm/core';
import { edgeGraphs } from '@nnm/core/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { liftTfjs } from '../../lift/tfjs/lift-tfjs.ts';
import { bytesSource } from '../byte-source.ts';
import { readModel } from '../read-model.ts';
import { readTfjs } from './read-tfjs.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nnm-tfjs-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const graphOf = (name: string) => edgeGraphs().find((edge) => edge.name === name)!.graph;

it('what the TensorFlow.js backends write is read back, every operator of it known but Cast and Softplus', () => {
  const refused: string[] = [];
  const unread = edgeGraphs().flatMap(({ name, graph }) => {
    let file: Uint8Array;
    try {
      file = tfjsCpu.convert(graph);
    } catch (error) {
      if (!(error instanceof UnsupportedOperatorError)) throw error;
      refused.push(name);
      return [];
    }
    const model = readTfjs(bytesSource(file), { name });
    const gaps = liftTfjs(model).ops.flatMap(({ gap }) => gap ?? []);
    return gaps
      .filter((gap) => !/^(Cast|Softplus) has no equivalent|depends on what is computed/.test(gap))
      .map((gap) => `${name}: ${gap}`);
  });
  expect(unread).toEqual([]);
  expect(refused).toEqual(['conv2d, dilated with a step', 'depthwiseConv2d, dilated with a step']);
});

it('a model file on disk is one, and its shapes are known', async () => {
  const path = join(folder, 'model.tfjs.zip');
  await writeFile(path, tfjsCpu.convert(graphOf('reshape to heads')));
  const model = await readModel(path);
  expect([model.format, model.nodes.map(({ operator }) => operator), model.notes]).toEqual(['tfjs', ['Reshape'], undefined]);
});

it('a model file that was cut off says so', async () => {
  const path = join(folder, 'half.tfjs.zip');
  await writeFile(path, tfjsCpu.convert(graphOf('reshape to heads')).subarray(0, 700));
  await expect(readModel(path)).rejects.toThrow('half.tfjs.zip is a zip file that is damaged, or not all of one.');
});

const hasZip = ((): boolean => {
  try {
    execFileSync('zip', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // not installed
  }
})();

it.skipIf(!hasZip)('a folder that was zipped and compressed by hand is read too (needs zip)', async () => {
  const json = { format: 'graph-model', modelTopology: { node: [{ name: 'x', op: 'Placeholder' }], padding: 'x'.repeat(1000) } };
  await writeFile(join(folder, 'model.json'), JSON.stringify(json));
  execFileSync('zip', ['-q', 'mine.zip', 'model.json'], { cwd: folder });
  await expect(readModel(join(folder, 'mine.zip'))).rejects.toThrow(/mine\.zip leaves sizes of its inputs open: "x"/);
});
