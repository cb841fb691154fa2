import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { defineBench, listOf } from './bench.ts';
import type { ModelFileOutcome } from './model-file-process.ts';
import { knownSettings } from './model-settings.ts';

const program = fileURLToPath(new URL('./model-file-process.ts', import.meta.url));
const TIMEOUT_MS = 120_000;

export default defineBench({
  question: 'How many real model files load and run?',
  options: {
    dimensions: { help: 'sizes of what files leave open, such as height=320,width=320,x.1=16; those of known files by default' },
    inputs: { help: 'what inputs hold, such as sr=16000,state=0' },
    delegate: { help: 'xnnpack or none, for .tflite files', default: 'xnnpack' },
  },
  files: 'model files, and folders to look for .tflite and .onnx in',
  async run({ dimensions, inputs, delegate }, paths) {
    const files = (await Promise.all(paths.map(findModels))).flat().sort();
    const counts: Record<string, { loaded: number; all: number }> = {};
    for (const file of files) {
      const kind = file.endsWith('.tflite') ? '.tflite' : '.onnx';
      const given = { DIMENSIONS: numbersByName(dimensions), INPUTS: numbersByName(inputs) };
      const settings = {
        ...(dimensions === '' && inputs === '' ? knownSettings(basename(file)) : given),
        ...(kind === '.tflite' && { DELEGATE: delegate }),
      };
      const outcome = await tryModel(file, settings);
      const { loaded, all } = counts[kind] ?? { loaded: 0, all: 0 };
      counts[kind] = { loaded: loaded + Number(outcome.loaded), all: all + 1 };
      const said = outcome.loaded ? `${outcome.runMs?.toFixed(2)} ms` : outcome.reason;
      console.log(`${outcome.loaded ? 'ok  ' : 'FAIL'} ${relative(process.cwd(), file)}: ${said}`);
    }
    return counts;
  },
});

const numbersByName = (text: string): Readonly<Record<string, number>> =>
  Object.fromEntries(listOf(text).map((entry) => [entry.split('=')[0], Number(entry.split('=')[1])]));

async function findModels(path: string): Promise<readonly string[]> {
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(tflite|onnx)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** In a process of its own: a runtime that dies of a model costs that model. */
async function tryModel(file: string, settings: object): Promise<ModelFileOutcome> {
  const args = ['--import', import.meta.resolve('tsx'), '--conditions=@nnm/source', program, file, JSON.stringify(settings)];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: TIMEOUT_MS });
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  } catch (error) {
    const { signal, code } = error as { signal?: string; code?: number };
    return { loaded: false, reason: `the process ended (${signal ?? code})` };
  }
}
