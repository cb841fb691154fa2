import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { tfliteCpu } from '@nnm/backend-tflite';
import { NnmError } from '@nnm/core';
import { liftModel, measureMemory, readModel } from '@nnm/model';
import { network } from '@nnm/zoo';
import { defineBench, listOf } from './bench.ts';
import { knownSettings, knownShapes } from './model-files/model-settings.ts';
import { givenModels, modelName, READ_MODELS, tryModel } from './model-files/try-model.ts';
import { formatCells } from './report.ts';

/** What is understood of one file. */
interface Understood {
  readonly ops: number;
  /** How often each reason for a gap is there. */
  readonly gaps: Readonly<Record<string, number>>;
  readonly readMs: number;
  readonly weightBytes: number;
  readonly peakBytes: number;
}

const megabytes = (bytes: number | undefined): string => (bytes === undefined ? '-' : (bytes / 2 ** 20).toFixed(1));

export default defineBench({
  question: 'What does nnm understand of real models, and is their memory what it says?',
  options: {
    networks: { help: 'networks of the zoo that are converted to .tflite besides', default: '' },
    run: { help: 'yes to run each as well, and see by how much a process grows', default: 'no' },
  },
  files: 'model files, and folders to look for .tflite, .onnx and model.json in; those of published packages by default',
  async run({ networks, run }, given) {
    const folder = await mkdtemp(join(tmpdir(), 'nnm-bench-reading-'));
    try {
      const files = [...(await givenModels(given, READ_MODELS))];
      for (const name of listOf(networks)) {
        const file = join(folder, `${name}.tflite`);
        await writeFile(file, tfliteCpu.convert(network(name)));
        files.push(file);
      }
      const heads = run === 'yes' ? ['process, no delegate', 'process, xnnpack'] : [];
      const lines = [['model', 'ops', 'gaps', 'ms', 'weights MB', 'values MB', ...heads]];
      const reasons: Record<string, number> = {};
      const problems: string[] = [];
      let understood = 0;
      for (const file of files) {
        const found = await understand(file);
        if (typeof found === 'string') {
          problems.push(found);
          continue;
        }
        understood++;
        for (const [reason, count] of Object.entries(found.gaps)) reasons[reason] = (reasons[reason] ?? 0) + count;
        const gaps = Object.values(found.gaps).reduce((sum, count) => sum + count, 0);
        const numbers = [found.ops, gaps, Math.round(found.readMs)].map(String);
        const grown = run === 'yes' ? [await growth(file, 'none'), await growth(file, 'xnnpack')] : [];
        lines.push([modelName(file), ...numbers, megabytes(found.weightBytes), megabytes(found.peakBytes), ...grown]);
      }
      console.log(formatCells(lines));
      console.log(
        formatCells(
          Object.entries(reasons).map(([reason, count]) => [String(count), reason]),
          'left',
        ),
      );
      for (const problem of problems) console.log(problem);
      return { files: files.length, understood, gaps: reasons };
    } finally {
      await rm(folder, { recursive: true });
    }
  },
});

async function understand(file: string): Promise<Understood | string> {
  const before = performance.now();
  try {
    const lifted = liftModel(await readModel(file, { shapes: knownShapes(modelName(file)) }));
    const readMs = performance.now() - before;
    const gaps: Record<string, number> = {};
    for (const { gap } of lifted.ops) if (gap !== undefined) gaps[gap] = (gaps[gap] ?? 0) + 1;
    const { weightBytes, peakActivationBytes: peakBytes } = measureMemory(lifted.model);
    return { ops: lifted.ops.length, gaps, readMs, weightBytes, peakBytes };
  } catch (error) {
    if (NnmError.isInstance(error)) return error.message;
    throw error;
  }
}

async function growth(file: string, delegate: string): Promise<string> {
  if (!file.endsWith('.tflite')) return '-';
  const { grownBytes } = await tryModel(file, { ...knownSettings(basename(file)), DELEGATE: delegate });
  return megabytes(grownBytes);
}
