import type { AnyBackend, Implement } from '@nnm/core';
import type { FileSystem } from '@nnm/profiler';
import { DEFAULT_KERNEL_SETTINGS, defaultHoldout, type KernelBuildSettings } from './kernel-settings.ts';
import { initWorkspace, type Workspace } from './workspace.ts';

/** What {@link createWorkspace} needs to know. */
export interface NewWorkspace {
  readonly backend: AnyBackend;
  /** Kernel types to list in the configuration. */
  readonly kernels: readonly string[];
  /** Default: the backend's first. */
  readonly implement?: Implement;
  readonly batchSize?: number;
  readonly seed?: number;
  /** Numbers for every listed kernel; default {@link DEFAULT_KERNEL_SETTINGS}. */
  readonly kernelSettings?: Partial<KernelBuildSettings>;
  /** Default: this machine's. */
  readonly files?: FileSystem;
}

/**
 * Make a workspace with commented configuration files.
 *
 * @throws {@link WorkspaceExistsError} when the folder holds anything, {@link FileAccessError}
 */
export async function createWorkspace(folder: string, setup: NewWorkspace): Promise<Workspace> {
  const texts = { buildConfig: buildConfigText(setup), backendConfig: backendConfigText(setup.backend) };
  return initWorkspace(folder, texts, setup.seed ?? 0, setup.files);
}

/** A commented `configs/predictorbuild_config.yaml`. */
export function buildConfigText({ backend, kernels, implement, batchSize = 1, kernelSettings }: NewWorkspace): string {
  const numbers = { ...DEFAULT_KERNEL_SETTINGS, ...kernelSettings };
  const holdout = kernelSettings?.holdoutSampleNum ?? defaultHoldout(numbers.initSampleNum);
  return [
    '# Which kernels to build predictors for, and how.',
    'DETAIL: FALSE                     # TRUE puts configuration, shapes and every statistic beside each latency',
    `IMPLEMENT: ${implement ?? backend.implement[0]}             # framework whose layout and padding the models follow; ${backend.id} runs ${backend.implement.join(' and ')}`,
    `BATCH_SIZE: ${batchSize}`,
    '# A kernel may also have SAMPLING (joint or marginal) and the limits MAX_FLOPS and MAX_BYTES of what is sampled.',
    'KERNELS:',
    ...kernels.flatMap((type) => [
      `  ${type}:`,
      `    INIT_SAMPLE_NUM: ${numbers.initSampleNum}         # configurations of the first round, drawn from known models`,
      `    FINEGRAINED_SAMPLE_NUM: ${numbers.finegrainedSampleNum}    # new configurations around each large error`,
      `    ITERATION: ${numbers.iteration}                  # rounds in all: 1 is the first alone, 2 adds one of adaptive sampling`,
      `    ERROR_THRESHOLD: ${numbers.errorThreshold}          # relative error that counts as large`,
      `    HOLDOUT_SAMPLE_NUM: ${holdout}       # configurations that only grade the predictor`,
    ]),
    '',
  ].join('\n');
}

/** A commented `configs/backend_config.yaml` with the backend's default settings. */
export function backendConfigText(backend: AnyBackend): string {
  return `# The backend of this workspace and its settings.\nBACKEND: ${backend.id}\n${backend.settingsTemplate}`;
}
