import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../errors.ts';
import { isStandardInput } from '../input/standard-input.ts';

/** What names of model files end in. */
const ENDINGS = ['.onnx', '.tflite', '.lite', '.tfjs.zip'];
/** The file of a model of TensorFlow.js, whose name says nothing. */
export const TFJS_FILE = 'model.json';

/**
 * True for an argument of `nnm predict` that means a model and not a kernel: a name that ends like one, a file or folder that is there. A
 * folder of a plain name that holds no model is not meant: a package is often called like its kernel.
 */
export function isModelArgument(argument: string): boolean {
  if (isStandardInput(argument) || isModelFile(argument)) return true;
  if (!existsSync(argument)) return false;
  const isPath = /[\\/.]/.test(argument);
  return isPath || !statSync(argument).isDirectory() || modelsIn(argument).length > 0;
}

/**
 * The model files that arguments name: files as they are, folders with everything in them, in order of name.
 *
 * @throws {@link UsageError} for a folder without models
 */
export function findModelFiles(given: readonly string[]): readonly string[] {
  return given.flatMap((place) => {
    if (!existsSync(place) || !statSync(place).isDirectory()) return [place];
    const files = modelsIn(place);
    if (files.length > 0) return files.map((name) => path.join(place, name));
    throw new UsageError({
      message: `${place} holds no model.`,
      hint: `Models are files that end in ${ENDINGS.join(', ')}, or ${TFJS_FILE}.`,
    });
  });
}

function modelsIn(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => isModelFile(name) && !name.split(path.sep).includes('node_modules')).sort();
}

/** True for a name that ends like a model, and for any file: what can be nothing but a model where a folder stands for a workspace. */
export function isModelPath(argument: string): boolean {
  return isStandardInput(argument) || isModelFile(argument) || (existsSync(argument) && !statSync(argument).isDirectory());
}

function isModelFile(name: string): boolean {
  return ENDINGS.some((ending) => name.toLowerCase().endsWith(ending)) || path.basename(name) === TFJS_FILE;
}
