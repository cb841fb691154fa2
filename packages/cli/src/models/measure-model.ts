import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { PipelineEvent, Stage } from '@nnm/builder';
import { type AnyBackend, NnmError } from '@nnm/core';
import { type MeasuredParts, type MeasuredWhole, type ModelFormat, measureModel, measureParts, type NetworkMeasuring } from '@nnm/model';
import type { ProfileEvent } from '@nnm/profiler';
import { displayName } from '../input/standard-input.ts';
import { TFJS_FILE } from './model-paths.ts';

/** A file of one runtime's format is to be measured on another runtime. */
export class OtherRuntimeError extends NnmError {
  constructor(details: { file: string; backend: string; extension: string }) {
    super({
      code: 'ERR_OTHER_RUNTIME',
      message: `${details.file} cannot be measured on ${details.backend}, which runs ${details.extension} files.`,
      hint: 'Leave --against and --operators out, give the model in that format, or a predictor of the backend that runs it.',
      details,
    });
  }
}

/** A model is to be measured at sizes that its backend cannot be told. */
export class SizesNotTakenError extends NnmError {
  constructor(details: { file: string; backend: string }) {
    super({
      code: 'ERR_SIZES_NOT_TAKEN',
      message: `${details.file} cannot be measured on ${details.backend} at the sizes of --shape: that backend has no setting DIMENSIONS.`,
      hint: 'Predict without --against measured, or measure a file with these sizes in it.',
      details,
    });
  }
}

/** A file, what its content says that it is, for standard input has no ending, and the sizes that its inputs were given. */
export interface ModelFile {
  readonly file: string;
  readonly format: ModelFormat;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
}

/** Measure the model of a file as a whole. @throws {@link OtherRuntimeError}, and what `profileKernels` throws */
export async function* measureFile(model: ModelFile, measuring: NetworkMeasuring): Stage<MeasuredWhole> {
  const name = path.basename(model.file);
  const bytes = readForRuntime(model, measuring.backend);
  const settings = settingsFor(model, measuring);
  // At other sizes it is another thing to measure.
  const sizes = Object.keys(model.shapes).length === 0 ? '' : JSON.stringify(Object.entries(model.shapes).sort());
  const hash = `file-${createHash('sha256').update(bytes).update(sizes).digest('hex').slice(0, 16)}`;
  return yield* asStage(measureModel({ name, hash, model: () => bytes }, { ...measuring, settings }), name);
}

/**
 * The settings by which a backend runs a model whose inputs were given sizes.
 *
 * @throws {@link SizesNotTakenError}
 */
export function settingsFor({ file, shapes }: ModelFile, { backend, settings }: Pick<NetworkMeasuring, 'backend' | 'settings'>): unknown {
  const given = Object.entries(shapes).flatMap(([input, sizes]) => sizes.map((size, axis) => [`${input}.${axis}`, size] as const));
  if (given.length === 0) return settings;
  const { properties = {} } = (backend.settingsSchema?.() ?? {}) as { readonly properties?: object };
  if (!('DIMENSIONS' in properties)) {
    throw new SizesNotTakenError({ file: displayName(file), backend: backend.id });
  }
  const { DIMENSIONS, ...rest } = settings as { readonly DIMENSIONS?: object };
  return { ...rest, DIMENSIONS: { ...DIMENSIONS, ...Object.fromEntries(given) } };
}

/** The bytes of a model that a backend runs. @throws {@link OtherRuntimeError} */
export function readForRuntime({ file, format }: ModelFile, { id, modelExtension }: AnyBackend): Uint8Array {
  const [, wanted] = modelExtension.split('.');
  // A model of TensorFlow.js is several files where it is no zip file.
  const isWhole = path.basename(file) !== TFJS_FILE;
  if (wanted === format && isWhole) return readFileSync(file);
  throw new OtherRuntimeError({ file: displayName(file), backend: id, extension: modelExtension });
}

/** Measure parts of models on their own. */
export function measurePartsOf(graphs: Parameters<typeof measureParts>[0], measuring: NetworkMeasuring): Stage<MeasuredParts> {
  return asStage(measureParts(graphs, measuring), 'parts');
}

/** Events of the engine as those of a pipeline, so that they are drawn alike. */
export async function* asStage<T>(run: AsyncGenerator<ProfileEvent, T>, name: string, mark = 'model'): Stage<T> {
  yield { type: 'stage', stage: 'profile', kernel: name, mark };
  for (;;) {
    const step = await run.next();
    if (step.done) return step.value;
    yield { type: 'profile', kernel: name, mark, event: step.value } satisfies PipelineEvent;
  }
}
