import { writeFile } from 'node:fs/promises';
import { tfjsCpu } from '@nnm/backend-tfjs';
import { tfliteCpu } from '@nnm/backend-tflite';
import { expect, test } from 'vitest';
import { makeTempProject } from '../../test/temp-project.ts';
import { readForRuntime, settingsFor } from './measure-model.ts';

test('a runtime is given what its content says that it runs, whatever the file is called', async () => {
  await using project = await makeTempProject({});
  const file = project.path('standard input');
  await writeFile(file, 'model');
  expect(new TextDecoder().decode(readForRuntime({ file, format: 'tflite', shapes: {} }, tfliteCpu))).toBe('model');
  const refused = 'cannot be measured on tflite_cpu, which runs .tflite files.';
  expect(() => readForRuntime({ file, format: 'onnx', shapes: {} }, tfliteCpu)).toThrow(refused);
  expect(() => readForRuntime({ file: project.path('model.json'), format: 'tfjs', shapes: {} }, tfjsCpu)).toThrow(
    'which runs .tfjs.zip files.',
  );
});

test('a backend is told the sizes that inputs were given, beside its own settings, or it says that it cannot be', () => {
  const model = { file: 'net.tflite', format: 'tflite', shapes: { image: [1, 320, 320, 3] } } as const;
  const settings = tfliteCpu.parseSettings({ THREADS: 2, DIMENSIONS: { 'other.1': 5, 'image.1': 224 } });
  const sizes = { 'other.1': 5, 'image.0': 1, 'image.1': 320, 'image.2': 320, 'image.3': 3 };
  expect(settingsFor(model, { backend: tfliteCpu, settings })).toEqual({ ...settings, DIMENSIONS: sizes });
  expect(settingsFor({ ...model, shapes: {} }, { backend: tfliteCpu, settings })).toBe(settings);
  const mute = Object.assign(Object.create(tfliteCpu), { id: 'mute', settingsSchema: undefined });
  expect(() => settingsFor(model, { backend: mute, settings })).toThrow('net.tflite cannot be measured on mute at the sizes of --shape');
});
