import path from 'node:path';
import { journalFile, openWorkspace, predictKernel, readMeasured, readWorkspaceConfig } from '@nnm/builder';
import { type AnyKernel, configProblems, type KernelConfig, type Registry } from '@nnm/core';
import type { Predictor } from '@nnm/predictor';
import { describeDifference, type Environment, environmentDifferences, readJournal } from '@nnm/profiler';
import type { KernelLatencies, LatencySource } from '../compare/compare-latencies.ts';
import { readUsablePredictor } from './usable-predictors.ts';

/** A source of latencies, and what they were measured under, as far as that is known. */
export interface ReadLatencySource extends LatencySource {
  readonly backend?: string;
  readonly implement?: string;
  readonly batchSize?: number;
  readonly environment?: Environment;
  /** Predictors that cannot be used, and why, as sentences. */
  readonly problems: readonly string[];
}

/** What a prediction's interval holds. */
const COVERAGE = 0.95;

/**
 * Read latencies from a workspace: measurements of its setting, and its predictors.
 *
 * @param kernels - to read; default: all that its configuration lists
 * @throws the builder's `NotAWorkspaceError` and `FileAccessError`, core's `InvalidFileError` and `UnknownIdError`
 */
export async function readLatencySource(folder: string, registry: Registry, kernels?: readonly string[]): Promise<ReadLatencySource> {
  const workspace = await openWorkspace(folder);
  const { backend, implement, batchSize, kernels: listed } = await readWorkspaceConfig(workspace, registry, { needsBackend: false });
  const setting = { registry, workspace, implement, batchSize };
  const read = new Map<string, KernelLatencies>();
  const problems: string[] = [];
  let environment: Environment | undefined;
  for (const type of kernels ?? listed.keys()) {
    const kernel = registry.kernel(type);
    const { rows } = await readMeasured(type, setting);
    environment ??= readJournal(journalFile(workspace, type), workspace.files)?.environment;
    const { predictor, problem } = await readUsablePredictor(kernel, setting);
    if (problem !== undefined) problems.push(problem);
    if (rows.length === 0 && predictor === undefined) continue;
    read.set(type, { rows, ...(predictor && { predict: (config) => predictInside(config, kernel, predictor) }) });
  }
  const name = path.basename(workspace.folder);
  return { name, kernels: read, backend: backend.id, implement, batchSize, problems, ...(environment && { environment }) };
}

/** What differs between the conditions of two sources, as phrases. */
export function sourceDifferences(before: ReadLatencySource, after: ReadLatencySource): readonly string[] {
  const own = (['backend', 'implement', 'batchSize'] as const).flatMap((name) => {
    const [was, is] = [before[name], after[name]];
    return was === undefined || is === undefined || was === is ? [] : [`${NAMES[name]} was ${was}, is ${is}`];
  });
  const both = before.environment && after.environment;
  return [...own, ...(both ? environmentDifferences(before.environment, after.environment).map(describeDifference) : [])];
}

const NAMES = { backend: 'backend', implement: 'IMPLEMENT', batchSize: 'BATCH_SIZE' } as const;

/** A prediction of a configuration like those that were measured; a guess would decide nothing. */
function predictInside(config: KernelConfig, kernel: AnyKernel, predictor: Predictor): ReturnType<NonNullable<KernelLatencies['predict']>> {
  if (configProblems(kernel, config).length > 0) return undefined;
  const { latencyMs, outsideSampled } = predictKernel(predictor, kernel, config);
  if (outsideSampled.length > 0) return undefined;
  const { lowMs, highMs } = predictor.intervalAround(latencyMs, COVERAGE);
  return { latencyMs, lowMs, highMs };
}
