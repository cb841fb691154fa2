import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRegistry, definePlugin } from '@nnm/core';
import type { FileSystem, OpenFile } from '@nnm/profiler';
import { nodeFileSystem } from '@nnm/profiler';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { toyKernel } from '../../../core/src/kernel/__fixtures__/toy-kernels.ts';
import { SimulatedBackend } from '../__fixtures__/simulated-backend.ts';
import { importedRows } from '../data/imported-data.ts';
import { openWorkspace } from '../workspace/index.ts';
import { adoptFolder } from './adopt-folder.ts';

const backend = new SimulatedBackend();
const registry = createRegistry([definePlugin({ name: 'toys', apiVersion: 1, kernels: [toyKernel('toy')], backends: [backend] })]);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nnm adopt '));
  const results = path.join(folder, 'original', 'predictor_build', 'results');
  await mkdir(path.join(folder, 'original', 'configs'), { recursive: true });
  await mkdir(results, { recursive: true });
  const configs = [8, 16, 32, 64].map((CIN, index) => [`A${index}`, { HW: 7, CIN }] as const);
  const entries = (of: (config: { CIN: number }) => object) => Object.fromEntries(configs.map(([id, config]) => [id, of(config)]));
  await writeFile(path.join(results, 'toy_prior.json'), JSON.stringify({ toy: entries((config) => ({ config })) }));
  await writeFile(path.join(results, 'profiled_toy.json'), JSON.stringify({ toy: entries(({ CIN }) => ({ latency: `${CIN} +- 0.1` })) }));
  await writeFile(path.join(folder, 'original', 'configs', 'backend_config.yaml'), 'DEVICE_SERIAL: abc\n');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The real file system until so many calls have changed something; then the process is dead, and nothing works any more. */
function dyingFiles(changes: number): FileSystem & { readonly isDead: boolean } {
  let left = changes;
  const live = <A extends readonly unknown[], R>(work: (...given: A) => R, isChange = true) => {
    return (...given: A): R => {
      if (left < 0 || (isChange && left-- <= 0)) {
        left = -1;
        throw new Error('dead');
      }
      return work(...given);
    };
  };
  const opened = (file: OpenFile): OpenFile => ({
    write: live((bytes) => file.write(bytes)),
    truncate: live((sizeBytes) => file.truncate(sizeBytes)),
    sync: live(() => file.sync(), false),
    stat: live(() => file.stat(), false),
    close: () => file.close(),
  });
  return {
    readFile: live(nodeFileSystem.readFile, false),
    open: live((place, flag, mode) => opened(nodeFileSystem.open(place, flag, mode))),
    stat: live(nodeFileSystem.stat, false),
    list: live(nodeFileSystem.list, false),
    makeFolder: live(nodeFileSystem.makeFolder),
    rename: live(nodeFileSystem.rename),
    link: live(nodeFileSystem.link),
    remove: live(nodeFileSystem.remove),
    realPath: live(nodeFileSystem.realPath, false),
    syncFolder: live(nodeFileSystem.syncFolder, false),
    get isDead() {
      return left < 0;
    },
  };
}

it('ends as if nothing had happened when it is done again after being killed, wherever that was', async () => {
  const setup = { backend, kernels: ['toy'] };
  for (let changes = 0; ; changes++) {
    const place = path.join(folder, `copy${changes}`);
    await cp(path.join(folder, 'original'), place, { recursive: true });
    const files = dyingFiles(changes);
    await adoptFolder(place, setup, registry, files).catch((error: unknown) => {
      if (!files.isDead) throw error;
    });
    if (files.isDead) {
      // Until it has come to its end it is no workspace, so that the same command goes on.
      const again = await adoptFolder(place, setup, registry);
      expect(again.rows.get('toy'), `killed after ${changes} changes`).toBe(4);
    }
    const workspace = await openWorkspace(place);
    const rows = await importedRows('toy', { workspace, implement: 'tensorflow', batchSize: 1 });
    expect(rows.map(({ latencyMs }) => latencyMs)).toEqual([8, 16, 32, 64]);
    expect(await readFile(path.join(place, 'nn-meter', 'configs', 'backend_config.yaml'), 'utf8')).toBe('DEVICE_SERIAL: abc\n');
    expect(nodeFileSystem.list(path.join(place, 'nn-meter', 'configs'))).toEqual(['backend_config.yaml']);
    if (!files.isDead) {
      expect(changes).toBeGreaterThan(15);
      return;
    }
  }
});
