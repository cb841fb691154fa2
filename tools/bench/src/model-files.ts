import { basename, relative } from 'node:path';
import { defineBench, listOf } from './bench.ts';
import { knownSettings } from './model-files/model-settings.ts';
import { givenModels, tryModel } from './model-files/try-model.ts';

export default defineBench({
  question: 'How many real model files load and run?',
  options: {
    dimensions: { help: 'sizes of what files leave open, such as height=320,width=320,x.1=16; those of known files by default' },
    inputs: { help: 'what inputs hold, such as sr=16000,state=0' },
    delegate: { help: 'xnnpack or none, for .tflite files', default: 'xnnpack' },
  },
  files: 'model files, and folders to look for .tflite and .onnx in; those of published packages by default',
  async run({ dimensions, inputs, delegate }, paths) {
    const files = await givenModels(paths);
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
