import path from 'node:path';
import { type AnyKernel, configProblems, InvalidFileError, type Problem } from '@nnm/core';
import { readJsonFile } from '@nnm/profiler';
import type { PipelineContext } from '../stages/context.ts';
import type { KernelSample, Mark } from '../stages/records.ts';
import { isObject } from './kernel-data-source.ts';

/** Samples, a config file of theirs (its path or what it holds), or a list of such files. */
export type SampleSource<S extends KernelSample = KernelSample> =
  | readonly S[]
  | string
  | readonly string[]
  | Readonly<Record<string, object>>;

/** Mark of samples whose file name has none. */
const NO_MARK: Mark = 'config';

/**
 * The samples of one kernel in any form of {@link SampleSource}; those of a file `<kernel>_<mark>.json` have its mark.
 *
 * @throws {@link InvalidFileError} with every entry that is no configuration of its kernel, or when there are several kernels;
 *   {@link FileAccessError}, {@link UnknownIdError}
 */
export async function readSamples<S extends KernelSample>(
  source: SampleSource<S>,
  { registry }: Pick<PipelineContext, 'registry'>,
): Promise<readonly (S | KernelSample)[]> {
  if (Array.isArray(source) && !source.some((item) => typeof item === 'string')) return source as readonly S[];
  const items = typeof source === 'string' || !Array.isArray(source) ? [source] : (source as readonly string[]);
  const samples: KernelSample[] = [];
  for (const item of items) {
    const file = typeof item === 'string' ? item : 'the samples';
    const content = typeof item === 'string' ? await readJsonFile(item) : item;
    const problems: Problem[] = [];
    for (const [type, entries] of isObject(content) ? Object.entries(content) : []) {
      const kernel = registry.kernel(type);
      const mark = typeof item === 'string' ? markOf(item, type) : NO_MARK;
      for (const [id, entry] of isObject(entries) ? Object.entries(entries) : []) {
        const { config } = isObject(entry) ? entry : { config: undefined };
        problems.push(...entryProblems(kernel, id, config));
        samples.push({ id, kernel: type, mark, config: config as KernelSample['config'] });
      }
    }
    const kernels = new Set(samples.map(({ kernel }) => kernel));
    if (kernels.size > 1)
      problems.push({ message: `it brings a second kernel (${[...kernels].join(', ')}); samples are taken kernel by kernel` });
    if (samples.length === 0) problems.push({ message: 'it holds no { "<kernel>": { "<ID>": { "config": { … } } } }' });
    if (problems.length > 0) throw new InvalidFileError({ file, problems });
  }
  return samples;
}

function entryProblems(kernel: AnyKernel, id: string, config: unknown): readonly Problem[] {
  return configProblems(kernel, config).map(({ key, message }) => ({ key: [id, key].filter(Boolean).join('.'), message }));
}

function markOf(file: string, kernelType: string): Mark {
  const stem = path.basename(file, '.json');
  return stem.startsWith(`${kernelType}_`) ? stem.slice(kernelType.length + 1) : NO_MARK;
}
