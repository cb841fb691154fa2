import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import torch from '@nnm/backend-torch';
import { createRegistry, type Json, NnmError, Rng } from '@nnm/core';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import { bundleRules, detectKernels, liftModel, measureMemory, Recogniser, readModel } from '@nnm/model';
import { defineBench } from './bench.ts';
import { knownShapes } from './model-files/model-settings.ts';
import { givenModels, modelName, READ_MODELS } from './model-files/try-model.ts';
import { formatCells } from './report.ts';

/** Files that take longer to copy than to read are left out. */
const MOST_BYTES = 16 * 2 ** 20;
/** Most damage is done where a file says what it is of, not in its weights. */
const ENDS_BYTES = 32 * 1024;
const MOST_CHANGES = 8;
/** Numbers that readers are likely to take for lengths, sizes and positions. */
const NUMBERS = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x7fffffff, 0x80000000, 0xffffffff];

const rules = bundleRules({ backend: torch.backends?.[0]?.id ?? 'torch_cpu', environment: null as Json });

/** What was wrong with an answer; the file is kept. */
interface Finding {
  readonly file: string;
  readonly problem: string;
}

export default defineBench({
  question: 'Is a damaged model file a model or one clear error, in bounded time and memory?',
  options: {
    minutes: { default: '2', help: 'how long to try' },
    seed: { default: '1', help: 'another seed does other damage' },
    folder: { default: 'bench-results/damage', help: 'where files are kept whose answer is none' },
    'most-seconds': { default: '10', help: 'an answer that takes longer is none' },
    'most-mb': { default: '1500', help: 'nor is one that takes more megabytes' },
  },
  files: 'model files, and folders of them; those of published packages by default',
  async run(options, given) {
    const rng = new Rng(Number(options.seed));
    const files: { readonly name: string; readonly shapes: ReturnType<typeof knownShapes>; readonly bytes: Buffer }[] = [];
    for (const file of await givenModels(given, READ_MODELS)) {
      if ((await stat(file)).size <= MOST_BYTES)
        files.push({ name: path.basename(file), shapes: knownShapes(modelName(file)), bytes: await readFile(file) });
    }
    const registry = createRegistry([kernelsConv, kernelsMisc]);
    const recogniser = new Recogniser(registry.kernels.map(({ value }) => value));
    const folder = await mkdtemp(path.join(tmpdir(), 'nnm-bench-damage-'));
    const findings: Finding[] = [];
    const answers: Record<string, number> = {};
    let [slowestMs, tried] = [0, 0];
    try {
      const end = performance.now() + 60_000 * Number(options.minutes);
      while (performance.now() < end) {
        const { name, shapes, bytes } = rng.pick(files);
        const damaged = damage(bytes, rng);
        const file = path.join(folder, name);
        await writeFile(file, damaged);
        const started = performance.now();
        let problem: string | undefined;
        try {
          const model = await readModel(file, { shapes });
          const lifted = liftModel(model);
          detectKernels(lifted, rules, recogniser);
          const { peakActivationBytes } = measureMemory(model);
          if (!Number.isFinite(peakActivationBytes)) problem = `its values take ${peakActivationBytes} bytes`;
          answers.graph = (answers.graph ?? 0) + 1;
        } catch (error) {
          if (!NnmError.isInstance(error)) problem = String((error as Error).stack);
          else {
            answers[error.code] = (answers[error.code] ?? 0) + 1;
            if (!error.message.startsWith(name) || !error.message.endsWith('.')) problem = error.message;
          }
        }
        const took = performance.now() - started;
        const megabytes = process.memoryUsage().rss / 2 ** 20;
        if (took > 1000 * Number(options['most-seconds'])) problem ??= `it took ${(took / 1000).toFixed(1)} s`;
        if (megabytes > Number(options['most-mb'])) problem ??= `the process has ${megabytes.toFixed(0)} MB`;
        [slowestMs, tried] = [Math.max(slowestMs, took), tried + 1];
        if (problem === undefined) continue;
        await mkdir(options.folder, { recursive: true });
        const kept = path.join(options.folder, `${tried}-${name}`);
        await writeFile(kept, damaged);
        findings.push({ file: kept, problem });
        console.error(`${kept}: ${problem}`);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
    console.log(formatCells([['answer', 'times'], ...Object.entries(answers).map(([answer, times]) => [answer, String(times)])]));
    return { files: files.length, tried, answers, findings, slowestMs: Math.round(slowestMs) };
  },
});

/** Some bytes of a file changed, taken out, doubled or cut off. */
function damage(bytes: Buffer, rng: Rng): Buffer {
  let damaged: Buffer = Buffer.from(bytes);
  for (let change = rng.integer(1, MOST_CHANGES); change > 0 && damaged.length > ENDS_BYTES / 1024; change--) {
    const at = somewhere(damaged.length, rng);
    const length = rng.integer(1, 64);
    switch (rng.integer(0, 6)) {
      case 0:
        damaged[at]! ^= 1 << rng.integer(0, 7);
        break;
      case 1:
        damaged[at] = rng.integer(0, 255);
        break;
      case 2:
        if (at + 4 <= damaged.length) damaged.writeUInt32LE(rng.pick(NUMBERS), at);
        break;
      case 3:
        damaged = Buffer.concat([damaged.subarray(0, at), damaged.subarray(at + length)]);
        break;
      case 4:
        damaged = Buffer.concat([damaged.subarray(0, at + length), damaged.subarray(at)]);
        break;
      case 5:
        damaged.copy(damaged, at, somewhere(damaged.length, rng), damaged.length);
        break;
      default:
        damaged = damaged.subarray(0, rng.integer(1, damaged.length));
    }
  }
  return damaged;
}

function somewhere(length: number, rng: Rng): number {
  const near = Math.min(length, ENDS_BYTES);
  switch (rng.integer(0, 2)) {
    case 0:
      return rng.integer(0, near - 1);
    case 1:
      return length - rng.integer(1, near);
    default:
      return rng.integer(0, length - 1);
  }
}
