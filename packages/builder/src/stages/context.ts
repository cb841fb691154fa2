import type { AnyBackend, Implement, Registry } from '@nnm/core';
import type { MeasureJobs, ProfilePolicy, Timers } from '@nnm/profiler';
import type { KernelBuildSettings, Workspace, WorkspaceConfig } from '../workspace/index.ts';

/** Everything the stages of a pipeline share. Without a workspace nothing is written to disk. */
export interface PipelineContext {
  readonly registry: Registry;
  readonly backend: AnyBackend;
  /** What `backend.parseSettings` returned. */
  readonly settings: unknown;
  readonly implement: Implement;
  readonly batchSize: number;
  /** Seed of every random choice, an unsigned 32-bit integer. */
  readonly seed: number;
  /** How each kernel is built; a kernel that is absent uses `DEFAULT_KERNEL_SETTINGS`. */
  readonly kernels: ReadonlyMap<string, Partial<KernelBuildSettings>>;
  /** Keep every statistic in the latency files. */
  readonly detail?: boolean;
  readonly workspace?: Workspace;
  /** Keep converted models (`.tflite`, `.onnx`) beside the saved kernel graphs. */
  readonly keepModels?: boolean;
  readonly policy?: Partial<ProfilePolicy>;
  readonly signal?: AbortSignal;
  /** Milliseconds that measuring may take in all; `timeLeft` says how many remain. */
  readonly timeLeftMs?: () => number;
  /** Settle flagged measurements, earlier ones too: milliseconds that are left to wait for the machine to become quiet. */
  readonly settleLeftMs?: () => number;
  /** Who measures; default: this machine, in this process and its children. */
  readonly measure?: MeasureJobs;
  /** Time as measuring sees it; default: this process's own. */
  readonly timers?: Timers;
}

/** Options of a run that are not part of the workspace. */
export type RunOptions = Pick<PipelineContext, 'keepModels' | 'policy' | 'signal' | 'timeLeftMs' | 'settleLeftMs' | 'measure' | 'timers'>;

/** The context of a workspace whose configuration has been read. */
export function workspaceContext(
  registry: Registry,
  workspace: Workspace,
  config: Omit<WorkspaceConfig, 'missing'>,
  options: RunOptions = {},
): PipelineContext {
  const { backend, settings, implement, batchSize, kernels, detail } = config;
  return { registry, workspace, backend, settings, implement, batchSize, kernels, detail, seed: workspace.manifest.seed, ...options };
}

/** The context of a pipeline without files. */
export function memoryContext(
  registry: Registry,
  setup: {
    readonly backend: string;
    readonly settings?: unknown;
    readonly implement?: Implement;
    readonly batchSize?: number;
    readonly seed?: number;
    readonly kernels?: Readonly<Record<string, Partial<KernelBuildSettings>>>;
  },
  options: RunOptions = {},
): PipelineContext {
  const backend = registry.backend(setup.backend);
  return {
    registry,
    backend,
    settings: backend.parseSettings(setup.settings ?? {}),
    implement: setup.implement ?? backend.implement[0],
    batchSize: setup.batchSize ?? 1,
    seed: setup.seed ?? 0,
    kernels: new Map(Object.entries(setup.kernels ?? {})),
    ...options,
  };
}
