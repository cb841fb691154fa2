import { existsSync, readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  buildPredictorByData,
  type LabelledConfig,
  memoryContext,
  openWorkspace,
  type PipelineContext,
  readMeasured,
  readWorkspaceConfig,
  type TrainingSettings,
} from '@nnm/builder';
import { CORE_VERSION, type Json, kernelFamily, type Registry } from '@nnm/core';
import {
  type Bundle,
  classifyWork,
  fitWorkEstimate,
  likeliestEnvironment,
  type MeasuredWork,
  parseBundle,
  serialiseBundle,
} from '@nnm/model';
import type { Predictor } from '@nnm/predictor';
import { readJournal } from '@nnm/profiler';

/** What networks are predicted with: nnm's own way, and that of the original. */
export interface BenchBundles {
  readonly own: Bundle;
  readonly original: Bundle;
}

/** Rows of one kernel that the estimate is fitted on. */
const ESTIMATE_ROWS = 150;

/**
 * The bundles of a backend, read from `folder`, or trained on what accuracy workspaces (`<workspaces>/<backend>/<kernel>`) hold and
 * written there: one predictor per family over all kernels that were measured of it.
 */
export async function benchBundles(backend: string, workspaces: string, folder: string, registry: Registry): Promise<BenchBundles> {
  const place = (name: string): string => path.join(folder, `${backend}${name}.nnm.json`);
  if (existsSync(place('')) && existsSync(place('-original'))) {
    const read = (name: string): Bundle => parseBundle(readFileSync(place(name), 'utf8'), { file: place(name) });
    const bundles = { own: read(''), original: read('-original') };
    const changed = [...bundles.own.predictors]
      .filter(([family, predictor]) => !fits(predictor, family, registry))
      .map(([family]) => family);
    if (changed.length === 0) {
      console.error(`Predictors of ${place('')}; remove it to train them again.`);
      return bundles;
    }
    console.error(`Trained again, since these describe themselves otherwise now: ${changed.join(', ')}.`);
  }
  const measured = await readAll(path.resolve(workspaces, backend), registry);
  const own = await trainAll(backend, measured, undefined, registry);
  const original = await trainAll(backend, measured, { preset: 'paper' }, registry);
  await writeFile(place(''), serialiseBundle(own));
  await writeFile(place('-original'), serialiseBundle(original));
  return { own, original };
}

/** Whether the kernels of a family have the features that its predictor was trained with. */
function fits({ manifest }: Predictor, family: string, registry: Registry): boolean {
  return registry
    .family(family)
    .every(({ features: { featureNames } }) => manifest.featureNames.slice(0, featureNames.length).join() === featureNames.join());
}

interface Measured {
  readonly implement: Bundle['implement'];
  readonly environment: Json;
  readonly rows: ReadonlyMap<string, readonly LabelledConfig[]>;
}

async function readAll(folder: string, registry: Registry): Promise<Measured> {
  const rows = new Map<string, readonly LabelledConfig[]>();
  const environments: Json[] = [];
  let implement: Bundle['implement'] = 'tensorflow';
  const known = new Set(registry.kernels.map(({ value }) => value.type));
  for (const kernel of await readdir(folder)) {
    if (!known.has(kernel)) {
      console.error(`  ${kernel}: nothing provides this kernel, left out.`);
      continue;
    }
    const workspace = await openWorkspace(path.join(folder, kernel));
    const config = await readWorkspaceConfig(workspace, registry);
    ({ implement } = config);
    const { rows: found } = await readMeasured(kernel, { registry, workspace, ...config });
    if (found.length < 40) console.error(`  ${kernel}: ${found.length} rows, too few.`);
    else rows.set(kernel, found);
    environments.push(
      (readJournal(path.join(workspace.paths.results, `${kernel}.jsonl`), workspace.files)?.environment as Json | undefined) ?? null,
    );
  }
  return { implement, environment: likeliestEnvironment(environments), rows };
}

async function trainAll(backend: string, measured: Measured, training: TrainingSettings | undefined, registry: Registry): Promise<Bundle> {
  const { implement, environment, rows } = measured;
  const context: PipelineContext = memoryContext(registry, { backend, implement });
  const families = new Map<string, LabelledConfig[]>();
  for (const { value: kernel } of registry.kernels) {
    const family = kernelFamily(kernel);
    families.set(family, [...(families.get(family) ?? []), ...(rows.get(kernel.type) ?? [])]);
  }
  const predictors = new Map<string, Predictor>();
  for (const [family, data] of families) {
    if (data.length === 0) continue;
    const from = performance.now();
    const { predictor, metrics } = await buildPredictorByData(data[0]!.kernel, data, training ? { training } : {}, context);
    predictors.set(family, predictor);
    console.error(
      `  ${family}: ${data.length} rows, ±10 % ${(100 * metrics.acc10).toFixed(1)} % (${((performance.now() - from) / 1000).toFixed(1)} s)`,
    );
  }
  return {
    backend,
    implement,
    batchSize: 1,
    environment,
    predictors,
    estimate: fitWorkEstimate(workOf(rows, registry)),
    nnmVersion: CORE_VERSION,
  };
}

function workOf(rows: Measured['rows'], registry: Registry): readonly MeasuredWork[] {
  return [...rows].flatMap(([kernel, data]) => {
    const { block } = registry.kernel(kernel);
    return data
      .slice(0, ESTIMATE_ROWS)
      .map(({ config, latencyMs }) => ({ kernel, work: classifyWork(new block(config, 1).getModel()), latencyMs }));
  });
}
