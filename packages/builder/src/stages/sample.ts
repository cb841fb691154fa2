import path from 'node:path';
import {
  type AnyKernel,
  assertImplement,
  BlockError,
  blockGraph,
  configKey,
  countWork,
  type Graph,
  type KernelConfig,
  NoKernelGraphError,
  Rng,
  type SamplingContext,
  type Shape,
  sampleFinegrained,
  samplePrior,
} from '@nnm/core';
import { type ConfigEntry, fileExists, portableName, readConfigFile, type Workspace } from '../workspace/index.ts';
import type { PipelineContext } from './context.ts';
import { kernelId } from './kernel-id.ts';
import type { KernelSample, Mark } from './records.ts';

/** What choosing configurations needs of a context: no backend, and no files. */
export type SamplingSetup = Pick<PipelineContext, 'registry' | 'implement' | 'batchSize' | 'seed' | 'kernels'>;

/** How {@link generateConfigSample} chooses. */
export interface ConfigSampleOptions {
  readonly mark: Mark;
  /** `prior`: `sampleNum` configurations like those of known models; `finegrained`: `sampleNum` around each of `configs`. */
  readonly samplingType: 'prior' | 'finegrained';
  /** Large-error configurations to sample around. */
  readonly configs?: readonly KernelConfig[];
  /** Samples of the kernel chosen earlier: neither their configurations nor their ids are used again. */
  readonly earlier?: readonly KernelSample[];
}

/**
 * Choose configurations of a kernel. Pure: the same seed, mark and arguments give the same list.
 *
 * @param sampleNum - how many (`prior`), or how many around each configuration (`finegrained`)
 */
export function generateConfigSample(
  kernelType: string,
  sampleNum: number,
  options: ConfigSampleOptions,
  context: SamplingSetup,
): readonly KernelSample[] {
  const kernel = context.registry.kernel(kernelType);
  assertImplement([kernel], context.implement);
  const { earlier = [] } = options;
  const sampling = samplingContext(kernel, `sample/${kernelType}/${options.mark}`, earlier, context);
  const configs =
    options.samplingType === 'prior'
      ? samplePrior(kernel, sampleNum, { ...sampling, outermost: options.mark === 'prior' })
      : sampleFinegrained(kernel, sampleNum, options.configs ?? [], sampling);
  return markSamples(kernelType, configs, { mark: options.mark, earlier }, context);
}

/**
 * What a sampler is given.
 *
 * @param purpose - names the random draws
 * @param earlier - samples whose configurations are not chosen again
 */
export function samplingContext(
  kernel: AnyKernel,
  purpose: string,
  earlier: readonly { readonly config: KernelConfig }[],
  context: SamplingSetup,
): SamplingContext {
  const { sampling = 'joint', limits } = context.kernels.get(kernel.type) ?? {};
  return {
    rng: new Rng(context.seed).fork(purpose),
    mode: sampling,
    ...(limits && { limits }),
    workOf: (config) => countWork(kernelGraph(kernel, config, context)),
    exclude: new Set(earlier.map(({ config }) => configKey(config))),
  };
}

/** Chosen configurations as samples, with ids that none of the earlier ones has. */
export function markSamples(
  kernelType: string,
  configs: readonly KernelConfig[],
  { mark, earlier }: { readonly mark: Mark; readonly earlier: readonly KernelSample[] },
  context: SamplingSetup,
): readonly KernelSample[] {
  const taken = new Set(earlier.map(({ id }) => id));
  return configs.map((config) => ({ id: kernelId(kernelType, config, context, taken), kernel: kernelType, mark, config }));
}

/** The graph of a configuration, as the kernel's block builds it. @throws {@link BlockError}, {@link NoKernelGraphError} */
export function kernelGraph(kernel: AnyKernel, config: KernelConfig, context: Pick<PipelineContext, 'batchSize'>): Graph {
  return buildBlock(kernel, config, context).graph;
}

function buildBlock(kernel: AnyKernel, config: KernelConfig, { batchSize }: Pick<PipelineContext, 'batchSize'>) {
  try {
    const block = new kernel.block(config, batchSize);
    const graph = blockGraph(block);
    const shapes = block.inputTensorShape;
    const [said, is] = [shapes, graph.inputs.map(({ shape }) => shape.slice(1))].map((list) => JSON.stringify(list));
    if (said !== is) throw new Error(`its inputTensorShape says ${said}, but the inputs of its graph are ${is}`);
    return { graph, shapes };
  } catch (error) {
    // No fault of the configuration: every other one would fail like it.
    if (error instanceof NoKernelGraphError) throw error;
    throw new BlockError({ kernel: kernel.type, config }, { cause: error });
  }
}

/** Where the graph of a sample is saved in a workspace; converted models lie beside it with another ending. */
export function kernelGraphFile(workspace: Workspace, { kernel, mark, id }: KernelSample): string {
  return path.join(workspace.paths.kernels, `${kernel}_${mark}_${id}.json`);
}

/** The config file of a kernel's samples of one mark. */
export function configFile(workspace: Workspace, kernelType: string, mark: Mark): string {
  return path.join(workspace.paths.results, `${kernelType}_${mark}.json`);
}

/** How many samples of a kernel and mark are saved in a workspace. */
export async function countSaved(workspace: Workspace, kernelType: string, mark: Mark): Promise<number> {
  const file = configFile(workspace, kernelType, mark);
  if (!(await fileExists(file, workspace.files))) return 0;
  return Object.keys((await readConfigFile(file, workspace.files))[kernelType] ?? {}).length;
}

/**
 * Save the samples' graphs and their config file `results/<kernel>_<mark>.json`.
 *
 * @param samples - of one kernel and mark
 */
export async function saveSamples(
  samples: readonly KernelSample[],
  context: PipelineContext & { readonly workspace: Workspace },
): Promise<void> {
  const [first] = samples;
  if (first === undefined) return;
  const { workspace } = context;
  const kernel = context.registry.kernel(first.kernel);
  const entries: Record<string, ConfigEntry> = {};
  for (const sample of samples) {
    const built = buildOrNot(kernel, sample.config, context);
    if (built === undefined) continue;
    await workspace.own.writeJson(kernelGraphFile(workspace, sample), built.graph, { flush: false });
    entries[sample.id] = describeSample(sample, built.shapes, workspace);
  }
  await workspace.own.writeJson(configFile(workspace, first.kernel, first.mark), { [first.kernel]: entries });
}

/** What a config file says of a sample. @throws {@link BlockError} */
export function configEntry(
  sample: KernelSample,
  context: Pick<PipelineContext, 'registry' | 'batchSize'> & { readonly workspace: Workspace },
): ConfigEntry {
  const { shapes } = buildBlock(context.registry.kernel(sample.kernel), sample.config, context);
  return describeSample(sample, shapes, context.workspace);
}

function describeSample(sample: KernelSample, shapes: readonly Shape[], workspace: Workspace): ConfigEntry {
  const model = portableName(workspace.folder, kernelGraphFile(workspace, sample));
  return { model, shapes, config: sample.config };
}

/** Undefined for what the block cannot build: there is nothing to save, and measuring records it as failed, with the reason. */
function buildOrNot(...given: Parameters<typeof buildBlock>): ReturnType<typeof buildBlock> | undefined {
  try {
    return buildBlock(...given);
  } catch (error) {
    if (error instanceof BlockError) return undefined;
    throw error;
  }
}
