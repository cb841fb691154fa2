import { relative } from 'node:path';
import { defineBench, listOf } from './bench.ts';
import { findModels, tryModel } from './try-model.ts';

export default defineBench({
  question: 'How many real model files load and run?',
  options: {
    dimensions: { help: 'sizes of what files leave open, such as height=320,width=320,x.1=16' },
    delegate: { help: 'xnnpack or none, for .tflite files', default: 'xnnpack' },
  },
  files: 'model files, and folders to look for .tflite and .onnx in',
  async run({ dimensions, delegate }, given) {
    const files = (await Promise.all(given.map(findModels))).flat().sort();
    const DIMENSIONS = Object.fromEntries(listOf(dimensions).map((entry) => [entry.split('=')[0], Number(entry.split('=')[1])]));
    const counts: Record<string, { loaded: number; all: number }> = {};
    for (const file of files) {
      const kind = file.endsWith('.tflite') ? '.tflite' : '.onnx';
      const outcome = await tryModel(file, { DIMENSIONS, ...(kind === '.tflite' && { DELEGATE: delegate }) });
      const { loaded, all } = counts[kind] ?? { loaded: 0, all: 0 };
      counts[kind] = { loaded: loaded + Number(outcome.loaded), all: all + 1 };
      const said = outcome.loaded ? `${outcome.runMs?.toFixed(2)} ms` : outcome.reason;
      console.log(`${outcome.loaded ? 'ok  ' : 'FAIL'} ${relative(process.cwd(), file)}: ${said}`);
    }
    return counts;
  },
});
