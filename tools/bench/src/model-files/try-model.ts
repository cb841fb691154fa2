import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ModelFileOutcome } from '../model-file-process.ts';
import { fetchModelFiles } from './fetch-model-files.ts';

const program = fileURLToPath(new URL('../model-file-process.ts', import.meta.url));
const TIMEOUT_MS = 120_000;

/** Load and run a model file in a process of its own, started as this one was: a runtime that dies of a model costs that model. */
export async function tryModel(file: string, settings: object): Promise<ModelFileOutcome> {
  const args = [...process.execArgv, program, file, JSON.stringify(settings)];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: TIMEOUT_MS });
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  } catch (error) {
    const { signal, code } = error as { signal?: string; code?: number };
    return { loaded: false, reason: `the process ended (${signal ?? code})` };
  }
}

/** Names of models that run on this machine without JavaScript. */
const NATIVE_MODELS = /\.(tflite|onnx)$/;
/** Names of all models that nnm reads. */
export const READ_MODELS = /\.(tflite|onnx)$|(^|\/)model\.json$/;

/** What a file is called; a `model.json` after its folder. */
export const modelName = (file: string): string =>
  basename(file) === 'model.json' ? `${basename(dirname(file))}/model.json` : basename(file);

/** The models that a benchmark is given, in files and folders; of published packages where it is given none. */
export async function givenModels(given: readonly string[], kinds: RegExp = NATIVE_MODELS): Promise<readonly string[]> {
  const places = given.length > 0 ? given : [await fetchModelFiles()];
  return (await Promise.all(places.map((place) => findModels(place, kinds)))).flat().sort();
}

/** The file itself, or the models in a folder. */
async function findModels(path: string, kinds: RegExp): Promise<readonly string[]> {
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && kinds.test(entry.name)).map((entry) => join(entry.parentPath, entry.name));
}
