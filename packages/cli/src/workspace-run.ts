import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  journalFile,
  latencyFile,
  lockWorkspace,
  type PipelineContext,
  type Workspace,
  type WorkspaceConfig,
  workspaceContext,
} from '@nnm/builder';
import { openProfilerSession, resolvePolicy } from '@nnm/profiler';
import { openBudget } from './duration.ts';
import { openFleet } from './fleet/open-fleet.ts';
import { type QueueChoice, usesQueue } from './fleet/queue-flags.ts';
import { watchMeasuring } from './program/measuring-watch.ts';
import type { WorkspaceSetup } from './workspace-command.ts';

/** What the flags of a measuring command say. */
export interface RunChoices extends QueueChoice {
  readonly kernels: readonly string[] | undefined;
  readonly fresh: boolean;
  readonly budget: string | undefined;
  readonly seed: number | undefined;
  readonly detail: boolean;
  readonly 'break-lock': boolean;
  readonly keepModels?: boolean;
  readonly settle?: boolean;
  readonly signal: AbortSignal;
}

/** Longest wait for a quiet machine with `--settle` and without a budget. */
const SETTLE_WAIT_MS = 10 * 60_000;

/** A workspace claimed for measuring; disposing of it gives the workspace free. */
export interface WorkspaceRun extends AsyncDisposable {
  readonly context: PipelineContext;
  /** Kernels to work on, all of them known. */
  readonly kernels: readonly string[];
  /** Listed kernels that were to be worked on too, but that nothing provides here. */
  readonly missing: readonly string[];
  /** Sentences worth showing before the work begins. */
  readonly notes: readonly string[];
  /** Sentences that a user should not miss. */
  readonly cautions: readonly string[];
}

/**
 * Claim a workspace and prepare the pipeline's context for it.
 *
 * @throws core's `WorkspaceBusyError` when another process works there, `UnknownIdError`, `UsageError` for a bad budget, and what connecting to a
 * queue throws
 */
export async function openRun({ workspace, discovery, config }: WorkspaceSetup, choices: RunChoices): Promise<WorkspaceRun> {
  const { registry } = discovery;
  const kernels = choices.kernels ?? [...config.kernels.keys()];
  for (const type of kernels) registry.kernel(type);
  const { budgetMs, ...budget } = openBudget(choices.budget);
  const settleEndMs = performance.now() + (budgetMs ?? SETTLE_WAIT_MS);
  await watchMeasuring(budgetMs);
  const fleet = await openFleet(choices);
  const release = async (): Promise<void> => {
    await fleet[Symbol.asyncDispose]();
    await unlock?.();
  };
  let unlock: (() => Promise<void>) | undefined;
  try {
    unlock = await lockWorkspace(workspace, { breakLock: choices['break-lock'] });
    if (choices.fresh) {
      if (!usesQueue(choices)) await startRuntime(config, budgetMs); // what cannot be measured again is not thrown away
      await forgetMeasurements(workspace, kernels);
    }
  } catch (error) {
    await release();
    throw error;
  }
  const context = workspaceContext(
    registry,
    workspace,
    { ...config, detail: config.detail || choices.detail },
    {
      signal: choices.signal,
      ...fleet.measuring,
      ...(choices.keepModels && { keepModels: true }),
      ...budget,
      ...(choices.settle && { settleLeftMs: () => settleEndMs - performance.now() }),
    },
  );
  const unlisted = kernels.filter((type) => !config.kernels.has(type));
  return {
    context: choices.seed === undefined ? context : { ...context, seed: choices.seed },
    kernels,
    missing: choices.kernels === undefined ? [...config.missing.keys()] : [],
    notes: unlisted.map((type) => `${type} is not listed in ${workspace.paths.buildConfig}: it is built with the default numbers.`),
    cautions: fleet.cautions,
    [Symbol.asyncDispose]: release,
  };
}

/** A runtime may take this long to start, however small the budget is. */
const START_AT_LEAST_MS = 15_000;

/** Start the backend's runtime once and end it. @throws what keeps it from starting */
async function startRuntime({ backend, settings }: WorkspaceConfig, budgetMs = Number.POSITIVE_INFINITY): Promise<void> {
  const { kernelTimeoutMs } = resolvePolicy();
  const policy = { kernelTimeoutMs: Math.min(kernelTimeoutMs, Math.max(budgetMs, START_AT_LEAST_MS)) };
  const session = await openProfilerSession({ backend, settings, policy, levelsFile: false });
  await session.close();
}

/**
 * Remove what nnm has measured of these kernels: journals, config and latency files, saved graphs and models. Imported data stays.
 *
 * @throws core's `ForeignFileError` before anything is removed, when one of these files is not as nnm wrote it
 */
async function forgetMeasurements(workspace: Workspace, kernels: readonly string[]): Promise<void> {
  const { results, kernels: graphs } = workspace.paths;
  const list = async (folder: string, pattern: RegExp): Promise<readonly string[]> =>
    existsSync(folder) ? (await readdir(folder)).filter((name) => pattern.test(name)).map((name) => join(folder, name)) : [];
  const files: string[] = [];
  for (const kernel of kernels) {
    // Ids have no characters that mean something else here; a mark has no `_`, as the kernel `my_kernel` is not `my`.
    files.push(...(await list(results, new RegExp(`^${kernel}_[^_]+\\.json$`))));
    files.push(...(await list(graphs, new RegExp(`^${kernel}_[^_]+_[A-Z0-9]{6}\\.[a-z]+$`))));
    files.push(...[latencyFile(workspace, kernel)].filter((file) => existsSync(file)));
  }
  workspace.own.assertReplaceable(files);
  for (const file of [...files, ...kernels.map((kernel) => journalFile(workspace, kernel))]) await rm(file, { force: true });
}
