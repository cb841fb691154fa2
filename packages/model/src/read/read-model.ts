import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename, dirname, isAbsolute, relative, resolve } from 'node:path';
import { NnmError } from '@nnm/core';
import type { ModelGraph } from '../graph/model-graph.ts';
import type { ByteSource } from './byte-source.ts';
import { checkSizes } from './check-sizes.ts';
import { InvalidModelError } from './errors.ts';
import { formatOf } from './format.ts';
import type { ReadContext, ReadOptions } from './read-options.ts';
import { READERS } from './readers.ts';

/**
 * Read a model file: `.onnx`, `.tflite` or the `model.json` of TensorFlow.js, by its content. Weights are not read, however large the file is.
 *
 * @throws {@link InvalidModelError} when there is no such file, or it is not a model or damaged
 * @throws {@link FreeDimensionError} when sizes of inputs are left open and not pinned
 * @example const model = await readModel('model.onnx', { shapes: { input: [1, 3, 640, 640] } });
 */
export async function readModel(path: string, options: ReadOptions = {}): Promise<ModelGraph> {
  const name = basename(path);
  const descriptor = openFile(path, name);
  try {
    const source = fileSource(descriptor, name);
    const format = formatOf(source, name);
    if (options.signature !== undefined && format !== 'tflite') {
      const hint = 'Leave the signature out: it is for .tflite files.';
      throw new InvalidModelError({ file: name, problem: `has no signature "${options.signature}", since it is no .tflite file`, hint });
    }
    return checkSizes(READERS[format](source, contextOf(path, name, options)));
  } finally {
    closeSync(descriptor);
  }
}

function openFile(path: string, name: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const problem = reason === 'ENOENT' ? 'is not there' : `cannot be opened: ${reason}`;
    throw new InvalidModelError({ file: name, problem, hint: `Check the path: ${path}` }, { cause: error });
  }
}

function fileSource(descriptor: number, name: string): ByteSource {
  const status = fstatSync(descriptor);
  if (!status.isFile()) throw new InvalidModelError({ file: name, problem: 'is not a file', hint: 'Give the path of a model file.' });
  return {
    size: status.size,
    read(position, target) {
      let done = 0;
      while (done < target.length) {
        const count = readSync(descriptor, target, done, target.length - done, position + done);
        if (count === 0) break;
        done += count;
      }
      return done;
    },
  };
}

/** A file that is open only while it is read. */
function diskSource(path: string, name: string): ByteSource {
  const reading = <T>(read: (source: ByteSource) => T): T => {
    const descriptor = openSync(path, 'r');
    try {
      return read(fileSource(descriptor, name));
    } finally {
      closeSync(descriptor);
    }
  };
  return { size: reading(({ size }) => size), read: (position, target) => reading((source) => source.read(position, target)) };
}

/** Files beside the model are asked for by relative paths that stay in its folder. */
function contextOf(path: string, name: string, options: ReadOptions): ReadContext {
  const folder = dirname(resolve(path));
  const inside = (file: string): string => {
    const target = resolve(folder, file);
    const way = relative(folder, target);
    if (way.startsWith('..') || isAbsolute(way))
      throw new InvalidModelError({ file: name, problem: `has parts outside its folder: "${file}"` });
    return target;
  };
  return {
    ...options,
    name,
    hasFile: (file) => existsSync(inside(file)),
    openFile(file) {
      const target = inside(file);
      try {
        return diskSource(target, file);
      } catch (error) {
        if (NnmError.isInstance(error)) throw error;
        throw new InvalidModelError(
          { file: name, problem: `has parts in "${file}", which cannot be read`, hint: 'Put the file beside the model.' },
          { cause: error },
        );
      }
    },
  };
}
