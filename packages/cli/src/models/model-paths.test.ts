import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findModelFiles, isModelArgument } from './model-paths.ts';

let before: string;
let folder: string;
beforeEach(() => {
  before = process.cwd();
  folder = mkdtempSync(path.join(tmpdir(), 'nnm-models-'));
  process.chdir(folder);
  mkdirSync('models/deep', { recursive: true });
  mkdirSync('inverted-residual/src', { recursive: true });
  writeFileSync('models/deep/a.onnx', '');
  writeFileSync('models/b.tflite', '');
  writeFileSync('network', '');
});
afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

it.each([
  ['a name that ends like a model, there or not', 'missing.onnx', true],
  ['a model of TensorFlow.js', 'web/model.json', true],
  ['a file', 'network', true],
  ['a folder with models', 'models', true],
  ['a folder that is written as a path', './inverted-residual', true],
  ['a kernel whose package lies here', 'inverted-residual', false],
  ['a kernel', 'conv-bn-relu', false],
])('%s: %s', (_, argument, isModel) => {
  expect(isModelArgument(argument)).toBe(isModel);
});

it('finds all models of a folder, in order', () => {
  expect(findModelFiles(['models'])).toEqual([path.join('models', 'b.tflite'), path.join('models', 'deep', 'a.onnx')]);
  expect(() => findModelFiles(['./inverted-residual'])).toThrow(/inverted-residual holds no model/);
});
