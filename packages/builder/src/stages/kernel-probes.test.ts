import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type AnyKernel, createRegistry, definePlugin, type Graph, runToEnd } from '@nnm/core';
import { createPredictor, parsePredictor, serialisePredictor } from '@nnm/predictor';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toyKernel } from '../../../core/src/kernel/__fixtures__/toy-kernels.ts';
import { SimulatedBackend } from '../__fixtures__/simulated-backend.ts';
import {
  buildLatencyPredictor,
  checkWorkspace,
  createWorkspace,
  kernelHasChanged,
  openWorkspace,
  readPredictor,
  readWorkspaceConfig,
  workspaceContext,
} from '../index.ts';

const registryOf = (kernel: AnyKernel) =>
  createRegistry([definePlugin({ name: 'toys', apiVersion: 1, kernels: [kernel], backends: [new SimulatedBackend()] })]);

/** The toy kernel whose block changes its graph. */
function changedToy(change: (graph: Graph, config: { readonly HW: number }) => Graph): AnyKernel {
  const toy: AnyKernel = toyKernel('toy');
  class Changed extends toy.block {
    override getModel() {
      return change(new toy.block(this.config, this.batchSize).getModel(), this.config as { HW: number });
    }
  }
  return { ...toy, block: Changed };
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nnm probes '));
  const registry = registryOf(toyKernel('toy'));
  const kernelSettings = { initSampleNum: 20, holdoutSampleNum: 5, iteration: 1 };
  const workspace = await createWorkspace(folder, { backend: new SimulatedBackend(), kernels: ['toy'], kernelSettings });
  await runToEnd(buildLatencyPredictor(workspaceContext(registry, workspace, await readWorkspaceConfig(workspace, registry))));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const read = async (kernel: AnyKernel) => readPredictor(await openWorkspace(folder), kernel, registryOf(kernel));
const renamed = (graph: Graph): Graph => ({ ...graph, name: 'another' });
const wider = (graph: Graph): Graph => ({ ...graph, ops: [...graph.ops, { ...graph.ops.at(-1)!, op: 'abs' } as never] });

describe('a predictor', () => {
  it('knows whether the block of its kernel is still what it learned from', async () => {
    expect((await read(toyKernel('toy'))).kernelChanged).toBe(false);
    expect((await read(changedToy(renamed))).kernelChanged).toBe(false);
    expect((await read(changedToy(wider))).kernelChanged).toBe(true);
    // Some configurations are enough, and so is a block that fails.
    expect((await read(changedToy((graph, { HW }) => (HW > 14 ? wider(graph) : graph)))).kernelChanged).toBe(true);
    const throwing = changedToy(() => {
      throw new Error('no such op');
    });
    expect((await read(throwing)).kernelChanged).toBe(true);
  });

  it('from before that was kept, or of other kernels, does not know, and is still read', async () => {
    const { predictor } = await read(toyKernel('toy'));
    const { graphs, ...earlier } = predictor.manifest;
    expect(graphs).toHaveLength(5);
    const text = serialisePredictor(createPredictor(earlier, predictor.fitted));
    expect(kernelHasChanged(parsePredictor(text), changedToy(wider))).toBeUndefined();
    expect(kernelHasChanged(predictor, toyKernel('other'))).toBeUndefined();
  });

  it('of a changed block is a note of `nnm check`, and no fault', async () => {
    const { findings, faults } = await checkWorkspace(folder, registryOf(changedToy(wider)));
    expect(findings).toContainEqual(
      expect.objectContaining({ kind: 'note', problem: 'it predicts toy as it was: its block has changed since' }),
    );
    expect(faults).toBe(0);
  });

  it('with options that its regressor does not take is refused', async () => {
    const { file } = await read(toyKernel('toy'));
    const text = await readFile(file, 'utf8');
    const { regressor } = JSON.parse(text);
    for (const options of [{ ...regressor.options, learningRate: -1 }, { ...regressor.options, maxDepht: 3 }, null, [1]]) {
      const edited = { ...JSON.parse(text), regressor: { ...regressor, options } };
      await writeFile(file, JSON.stringify(edited));
      await expect(read(toyKernel('toy'))).rejects.toMatchObject({
        code: 'ERR_INVALID_PREDICTOR_FILE',
        message: expect.stringMatching(/`regressor.options` are none: /),
      });
    }
    await writeFile(file, text);
  });
});
