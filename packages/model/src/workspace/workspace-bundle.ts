import path from 'node:path';
import { fileExists, kernelGraph, kernelHasChanged, readMeasured, readPredictor, type Setting, type Workspace } from '@nnm/builder';
import { CORE_VERSION, type Json, kernelFamily, kernelIdProblem, NnmError, type Registry } from '@nnm/core';
import type { Predictor } from '@nnm/predictor';
import { describeDifference, type Environment, environmentDifferences } from '@nnm/profiler';
import type { Bundle } from '../bundle/bundle.ts';
import { fitWorkEstimate, type MeasuredWork } from '../price/fit-work-estimate.ts';
import { classifyWork } from '../price/operator-class.ts';
import type { WorkEstimate } from '../price/work-estimate.ts';
import { readCalibration } from './calibration-file.ts';
import { readRules } from './rules-file.ts';

/** What says which of a workspace's measurements count, and on which backend they were made. */
export type BundleSetting = Setting & { readonly backend: { readonly id: string } };

/** A workspace's predictors, and what is odd about them. */
export interface WorkspaceBundle {
  readonly bundle: Bundle;
  /** Predictors that do not go together, and kernels that are not what their predictors learned from, as sentences. */
  readonly problems: readonly string[];
}

/**
 * The predictors and the calibration of a workspace. The estimate, which takes seconds, is another matter: {@link workspaceEstimate}.
 *
 * @throws what reading a predictor or the calibration throws
 */
export async function workspaceBundle(setting: BundleSetting): Promise<WorkspaceBundle> {
  const { registry, workspace, implement, batchSize, backend } = setting;
  const predictors = await readPredictors(workspace, registry);
  const calibration = await readCalibration(workspace);
  const rules = (await readRules(workspace)) as Json | undefined;
  const manifests = [...predictors.values()].map(({ manifest }) => manifest);
  const environment = likeliestEnvironment([...manifests, ...(calibration ? [calibration] : [])].map((one) => one.environment));
  const facts = { backend: backend.id, implement, batchSize };
  const problems = [
    ...manifests.map((manifest) => ({ ...manifest, what: `The predictor of ${manifest.family}` })),
    ...(calibration ? [{ ...calibration, what: 'The calibration' }] : []),
  ].flatMap(({ what, ...origin }) => {
    const differences = differencesBetween(facts, environment, origin);
    return differences.length === 0 ? [] : [`${what} was made under other conditions: ${differences.join('; ')}.`];
  });
  return {
    bundle: { ...facts, environment, predictors, rules, calibration, nnmVersion: CORE_VERSION },
    problems: [...problems, ...changedKernels(predictors, registry), ...(await leftOut(workspace, predictors, registry))],
  };
}

/** The first of those that say how values lie in memory, which rules are picked by; else the first there is. */
export function likeliestEnvironment(environments: readonly Bundle['environment'][]): Bundle['environment'] {
  const known = environments.filter((environment) => environment !== null);
  const layoutOf = (environment: Bundle['environment']) => (environment as unknown as Environment).runtime?.layout;
  return known.find((environment) => layoutOf(environment) !== undefined) ?? known[0] ?? null;
}

/** Kernels whose blocks build other graphs than those that were measured. */
function changedKernels(predictors: ReadonlyMap<string, Predictor>, registry: Registry): readonly string[] {
  return registry.kernels.flatMap(({ value: kernel }) => {
    const predictor = predictors.get(kernelFamily(kernel));
    if (predictor === undefined || kernelHasChanged(predictor, kernel) !== true) return [];
    return `The block of ${kernel.type} has changed since its predictor learned from it: its latencies are of what it was. Run \`nnm build ${kernel.type}\`.`;
  });
}

type Facts = Pick<Bundle, 'backend' | 'implement' | 'batchSize'>;

function differencesBetween(
  facts: Facts,
  environment: Bundle['environment'],
  origin: Facts & Pick<Bundle, 'environment'>,
): readonly string[] {
  const own = (['backend', 'implement', 'batchSize'] as const).flatMap((key) =>
    origin[key] === facts[key] ? [] : [`its ${key} is ${origin[key]}, not ${facts[key]}`],
  );
  if (origin.environment === null || environment === null) return own;
  const [was, is] = [origin.environment, environment] as unknown as readonly [Environment, Environment];
  return [...own, ...environmentDifferences(was, is).map(describeDifference)];
}

async function readPredictors(workspace: Workspace, registry: Registry): Promise<ReadonlyMap<string, Predictor>> {
  const predictors = new Map<string, Predictor>();
  for (const { value: kernel } of registry.kernels) {
    const family = kernelFamily(kernel);
    if (predictors.has(family) || !(await fileExists(path.join(workspace.paths.predictors, `${family}.json`), workspace.files))) continue;
    predictors.set(family, (await readPredictor(workspace, kernel, registry)).predictor);
  }
  return predictors;
}

/** Finished predictors of kernels that nothing provides here, or that two plugins do, so that none can be told to be theirs. */
async function leftOut(
  { paths, files }: Workspace,
  predictors: ReadonlyMap<string, Predictor>,
  registry: Registry,
): Promise<readonly string[]> {
  const families = (await fileExists(paths.predictors, files))
    ? files.list(paths.predictors).flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -'.json'.length)] : []))
    : [];
  return families.flatMap((family) => {
    if (predictors.has(family) || kernelIdProblem(family) !== undefined) return [];
    return `The predictor of ${family} is left out: ${reasonOf(() => registry.kernel(family))}`;
  });
}

function reasonOf(lookUp: () => unknown): string {
  try {
    lookUp();
    return 'no kernel of this family is there.';
  } catch (error) {
    if (!NnmError.isInstance(error)) throw error;
    return [error.message, error.hint].filter((part) => part !== undefined).join(' ');
  }
}

/** Rows of one kernel that the estimate is fitted on; more would say no more. */
const MOST_ROWS = 150;

/**
 * Fit the estimate of what has no predictor on everything that a workspace holds.
 *
 * @returns undefined when nothing has been measured
 */
export async function workspaceEstimate(setting: Setting): Promise<WorkEstimate | undefined> {
  const rows = await measuredWork(setting);
  return rows.length === 0 ? undefined : fitWorkEstimate(rows);
}

/** What a workspace holds of every kernel, as work and latency. */
export async function measuredWork(setting: Setting): Promise<readonly MeasuredWork[]> {
  const work: MeasuredWork[] = [];
  for (const { value: kernel } of setting.registry.kernels) {
    const { rows } = await readMeasured(kernel.type, setting);
    for (const { config, latencyMs } of rows.slice(0, MOST_ROWS)) {
      work.push({ kernel: kernel.type, work: classifyWork(kernelGraph(kernel, config, setting)), latencyMs });
    }
  }
  return work;
}
