import type { WorkspaceConfig } from '@nnm/builder';
import { NnmError } from '@nnm/core';
import type { PredictorManifest } from '@nnm/predictor';
import { describeDifference, type Environment, environmentDifferences, openProfilerSession } from '@nnm/profiler';

/** What the workspace says now. */
export type PresentSetup = Pick<WorkspaceConfig, 'backend' | 'settings' | 'implement' | 'batchSize'>;

/**
 * How the present machine and runtime differ from those a predictor's latencies were measured on, as phrases.
 *
 * Starts the workspace's runtime for a moment; a runtime that does not start here is itself a difference.
 */
export async function findEnvironmentDifferences(manifest: PredictorManifest, setup: PresentSetup): Promise<readonly string[]> {
  try {
    const session = await openProfilerSession({ backend: setup.backend, settings: setup.settings, levelsFile: false });
    try {
      return describeDifferences(manifest, setup, session.environment);
    } finally {
      await session.close();
    }
  } catch (error) {
    if (NnmError.isInstance(error)) return [`the runtime does not start here (${error.message})`];
    throw error;
  }
}

/** The same for an environment that is known already, such as that of a measurement. */
export function describeDifferences(manifest: PredictorManifest, setup: PresentSetup, now: Environment): readonly string[] {
  const { environment, backend, implement, batchSize } = manifest;
  const facts: readonly (readonly [what: string, was: string | number, is: string | number])[] = [
    ['backend', backend, setup.backend.id],
    ['IMPLEMENT', implement, setup.implement],
    ['BATCH_SIZE', batchSize, setup.batchSize],
  ];
  const own = facts.filter(([, was, is]) => was !== is).map(([what, was, is]) => `${what} was ${was}, is ${is}`);
  if (environment === null) return [...own, 'the predictor does not say where it was measured'];
  return [...own, ...environmentDifferences(environment as unknown as Environment, now).map(describeDifference)];
}
