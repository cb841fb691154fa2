import { BlockError, graphHash, NnmError, throwIfAborted } from '@nnm/core';
import { readSamples, type SampleSource } from '../data/read-samples.ts';
import type { Workspace } from '../workspace/index.ts';
import type { PipelineContext } from './context.ts';
import type { KernelSample } from './records.ts';
import { kernelGraph, kernelGraphFile } from './sample.ts';

/** A sample with the bytes of its model, or the reason why it could not be converted. */
export type ConvertedSample = KernelSample &
  (
    | {
        readonly status: 'ok';
        readonly model: Uint8Array /** What the model was made of; see {@link sampleHash}. */;
        readonly hash: string;
      }
    | { readonly status: 'failed'; readonly error: Error }
  );

/** A model that should have been converted before is not there, or was made of another graph. */
export class NotConvertedError extends NnmError {
  constructor(details: { kernel: string; id: string; file: string; problem: string }) {
    super({
      code: 'ERR_NOT_CONVERTED',
      message: `The model of ${details.kernel} ${details.id} ${details.problem}: ${details.file}.`,
      hint: 'Convert the samples first (`convertModels`), or leave `haveConverted` out.',
      details,
    });
  }
}

/**
 * Convert samples one by one to the backend's model format; with a workspace the models are also written beside the saved graphs.
 *
 * @param source - samples, or the config file that holds them, by its path
 */
export async function* convertModels(source: SampleSource, context: PipelineContext): AsyncGenerator<ConvertedSample, void, void> {
  for (const sample of await readSamples(source, context)) {
    throwIfAborted(context.signal, 'Converting models');
    const converted = await tryConvert(sample, context);
    // A disk that cannot be written to is no property of the sample.
    if (converted.status === 'ok' && context.workspace)
      await writeModel(sample, converted.model, { ...context, workspace: context.workspace });
    yield converted;
  }
}

async function tryConvert(sample: KernelSample, context: PipelineContext): Promise<ConvertedSample> {
  try {
    return { ...sample, status: 'ok', model: await convertSample(sample, context), hash: sampleHash(sample, context) };
  } catch (error) {
    return { ...sample, status: 'failed', error: error as Error };
  }
}

/** The model of a sample, as the backend converts it. */
export function convertSample(sample: KernelSample, context: PipelineContext): Uint8Array | Promise<Uint8Array> {
  return context.backend.convert(kernelGraph(context.registry.kernel(sample.kernel), sample.config, context), context.implement, 'part');
}

/** Write the model of a sample, and the graph it was made of, into the workspace. */
export async function writeModel(
  sample: KernelSample,
  model: Uint8Array,
  context: PipelineContext & { readonly workspace: Workspace },
): Promise<void> {
  const { workspace } = context;
  const graph = kernelGraph(context.registry.kernel(sample.kernel), sample.config, context);
  await workspace.own.writeJson(kernelGraphFile(workspace, sample), graph, { flush: false });
  await workspace.own.write(modelFile(sample, context), model);
}

/**
 * The model of a sample that was converted before, from the workspace.
 *
 * @throws {@link NotConvertedError} when it is not there, or was made of another graph than the kernel builds now
 */
export async function readModel(sample: KernelSample, context: PipelineContext & { readonly workspace: Workspace }): Promise<Uint8Array> {
  const { workspace } = context;
  const { files } = workspace;
  const file = modelFile(sample, context);
  const fail = (problem: string): never => {
    throw new NotConvertedError({ kernel: sample.kernel, id: sample.id, file, problem });
  };
  if (files.stat(file)?.kind !== 'file') return fail('has not been converted');
  const graphFile = kernelGraphFile(workspace, sample);
  const graph = JSON.stringify(kernelGraph(context.registry.kernel(sample.kernel), sample.config, context));
  const saved = files.stat(graphFile)?.kind === 'file' ? Buffer.from(files.readFile(graphFile)).toString('utf8') : 'null';
  if (JSON.stringify(JSON.parse(saved)) !== graph) return fail('was converted from another graph than the kernel builds now');
  return files.readFile(file);
}

function modelFile(sample: KernelSample, { workspace, backend }: PipelineContext & { readonly workspace: Workspace }): string {
  return kernelGraphFile(workspace, sample).replace(/\.json$/, backend.modelExtension);
}

/** Of a configuration that the block cannot build: measuring it records the reason. */
const UNBUILT = 'unbuilt';

/** What is measured when a sample is measured; see {@link graphHash}. */
export function sampleHash(sample: KernelSample, context: PipelineContext): string {
  try {
    return graphHash(kernelGraph(context.registry.kernel(sample.kernel), sample.config, context), context);
  } catch (error) {
    if (error instanceof BlockError) return UNBUILT;
    throw error;
  }
}
