import { writeFile } from 'node:fs/promises';
import { tfjsCpu } from '@nnm/backend-tfjs';
import { tfliteCpu } from '@nnm/backend-tflite';
import { expect, test } from 'vitest';
import { makeTempProject } from '../../test/temp-project.ts';
import { readForRuntime } from './measure-model.ts';

test('a runtime is given what its content says that it runs, whatever the file is called', async () => {
  await using project = await makeTempProject({});
  const file = project.path('standard input');
  await writeFile(file, 'model');
  expect(new TextDecoder().decode(readForRuntime({ file, format: 'tflite' }, tfliteCpu))).toBe('model');
  const refused = 'cannot be measured on tflite_cpu, which runs .tflite files.';
  expect(() => readForRuntime({ file, format: 'onnx' }, tfliteCpu)).toThrow(refused);
  expect(() => readForRuntime({ file: project.path('model.json'), format: 'tfjs' }, tfjsCpu)).toThrow('which runs .tfjs.zip files.');
});
