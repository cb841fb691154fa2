import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { AnyBackend, Plugin } from '@nnm/core';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Packages that a backend does not bring along, and that not every machine can install. */
const OPTIONAL: Readonly<Record<string, string>> = { tfjs_node: '@tensorflow/tfjs-node' };

/** Backends that need a GPU, which not every machine has. */
const ON_GPU: readonly string[] = ['ort_webgpu'];

/** True for a backend that runs on this machine without a browser. */
function runsHere(backend: AnyBackend, file: string): boolean {
  if (backend.browser?.only) return false;
  const reason = ON_GPU.includes(backend.id) ? 'it needs a GPU' : backend.whyNot?.()?.message;
  if (reason !== undefined) {
    console.warn(`skipped: ${backend.id}: ${reason}`);
    return false;
  }
  const needed = OPTIONAL[backend.id];
  if (needed === undefined) return true;
  try {
    createRequire(pathToFileURL(file)).resolve(needed);
    return true;
  } catch {
    console.warn(`skipped: ${backend.id}, whose package ${needed} is not installed`);
    return false;
  }
}

/** A backend as its built package has it, with settings to start it under. */
export interface BuiltBackend {
  readonly id: string;
  /** The built module of its plugin. */
  readonly file: string;
  readonly settings: object;
}

/**
 * Every backend of this repository that runs here, those of the examples included; says which do not, and why.
 *
 * @param ways - settings by backend, for each of which it is listed once; default: none but its own
 */
export async function builtBackends(ways: Readonly<Record<string, readonly object[]>>): Promise<readonly BuiltBackend[]> {
  const folders = await Promise.all(
    ['packages', 'examples'].map(async (folder) => (await readdir(join(root, folder))).map((name) => join(root, folder, name))),
  );
  const files = await Promise.all(
    folders.flat().map(async (folder) => {
      const manifest = await readFile(join(folder, 'package.json'), 'utf8').then(JSON.parse, () => ({}));
      return manifest.keywords?.includes('nnm-plugin') ? [join(folder, 'src', 'index.ts')] : [];
    }),
  );
  const found = await Promise.all(
    files.flat().map(async (file) => {
      const { default: plugin } = (await import(file)) as { default: Plugin };
      const here = (plugin.backends ?? []).filter((backend) => runsHere(backend, file));
      const built = join(dirname(dirname(file)), 'dist', 'index.js');
      return here.flatMap(({ id }) => (ways[id] ?? [{}]).map((settings) => ({ id, file: built, settings })));
    }),
  );
  return found.flat();
}
