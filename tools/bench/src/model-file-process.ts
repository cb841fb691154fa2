/**
 * A program: load one model file with the backend of its kind, run it twice, and say what came of it as one line of JSON.
 * `node model-file-process.ts <file> <settings as JSON>`
 */
import { readFile } from 'node:fs/promises';
import { tfliteCpu } from '@nnm/backend-tflite';
import { torchCpu } from '@nnm/backend-torch';
import { NnmError, type RuntimeFactory } from '@nnm/core';

/** What came of a model file. */
export interface ModelFileOutcome {
  readonly loaded: boolean;
  readonly runMs?: number;
  /** By how much the process grew until the model had run once, its file left out. */
  readonly grownBytes?: number;
  readonly reason?: string;
}

const [file, settings] = process.argv.slice(2) as [string, string];
const backend = file.endsWith('.tflite') ? tfliteCpu : torchCpu;

async function tryModel(): Promise<ModelFileOutcome> {
  try {
    const { default: start } = (await import(String(backend.runtime))) as { default: RuntimeFactory<unknown> };
    const runtime = await start(backend.parseSettings(JSON.parse(settings)));
    const bytes = await readFile(file);
    const size = process.memoryUsage.rss();
    const model = await runtime.load(bytes);
    await model.run();
    const grownBytes = process.memoryUsage.rss() - size - bytes.length;
    const before = performance.now();
    await model.run();
    return { loaded: true, runMs: performance.now() - before, grownBytes };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { loaded: false, reason: NnmError.isInstance(error) ? `${reason} [${error.code}]` : reason };
  }
}

const outcome = await tryModel();
process.stdout.write(`${JSON.stringify(outcome)}\n`, () => process.exit());
