import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { collectWorkspaceData, getFeatureParser, type LabelledConfig, openWorkspace, readConfigFile, readTextFile } from '@nnm/builder';
import { createRegistry, toFeatureMatrix } from '@nnm/core';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import kernelsTensor from '@nnm/kernels-tensor';
import kernelsTransformer from '@nnm/kernels-transformer';
import { labelTrust } from '../../../packages/builder/src/data/label-trust.ts';
import type { ModelData } from '../../../packages/predictor/src/training/model-data.ts';
import { rowWeights } from '../../../packages/predictor/src/training/row-weights.ts';

const registry = createRegistry([kernelsConv, kernelsMisc, kernelsTensor, kernelsTransformer]);

/** What `npm run bench -- accuracy` measured of one kernel. */
export interface MeasuredData {
  readonly backend: string;
  readonly kernel: string;
  /** Names of the configuration's values among the features. */
  readonly configKeys: readonly string[];
  /** Of the training rows. */
  readonly ids: readonly string[];
  /** With a weight for each label. */
  readonly train: ModelData;
  /** Whose labels are trusted. */
  readonly holdout: ModelData;
}

/** Every kernel in a folder of `npm run bench -- accuracy` (`<backend>/<kernel>`) of which something was measured. */
export async function* readMeasuredData(folder: string): AsyncGenerator<MeasuredData> {
  for (const backend of (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory())) {
    for (const kernel of await readdir(path.join(folder, backend.name))) {
      const data = await readOne(folder, backend.name, kernel);
      if (data === undefined) console.log(`${backend.name} ${kernel}: nothing measured yet.`);
      else yield data;
    }
  }
}

async function readOne(folder: string, backend: string, kernel: string): Promise<MeasuredData | undefined> {
  const workspace = await openWorkspace(path.resolve(folder, backend, kernel));
  // What cannot be joined has no usable row yet; the caller says so.
  const config = await readTextFile(workspace.paths.buildConfig);
  const implement = /^IMPLEMENT: torch/m.test(config) ? 'torch' : 'tensorflow';
  const { rows } = await collectWorkspaceData(kernel, { registry, workspace, implement, batchSize: 1 }).catch(() => ({
    rows: [] as LabelledConfig[],
  }));
  if (rows.length === 0) return undefined;
  const held = await readConfigFile(path.join(workspace.paths.results, `${kernel}_holdout.json`));
  const isHeld = ({ id }: LabelledConfig): boolean => held[kernel]?.[id] !== undefined;
  const parser = getFeatureParser(registry, kernel);
  const toData = (some: readonly LabelledConfig[]): ModelData => ({
    ...weightsOf(some),
    featureNames: parser.featureNames,
    pathFeatures: parser.pathFeatures,
    features: toFeatureMatrix(
      some.map(({ config }) => parser.getFeatureByConfig(config)),
      parser.featureNames.length,
    ),
    latenciesMs: Float64Array.from(some, ({ latencyMs }) => latencyMs),
  });
  // A measurement that was never finished has no flags, and no label to learn from or grade by.
  const measured = rows.filter(({ flags }) => flags !== undefined);
  const train = measured.filter((row) => !isHeld(row));
  if (train.length === 0) return undefined;
  return {
    backend,
    kernel,
    configKeys: [...new Set(parser.neededConfig)],
    ids: train.map(({ id }) => id),
    train: toData(train),
    holdout: toData(measured.filter((row) => isHeld(row) && row.flags?.length === 0)),
  };
}

function weightsOf(rows: readonly LabelledConfig[]): Pick<ModelData, 'weights'> {
  const weights = rowWeights(rows.map((row) => ({ latencyMs: row.latencyMs, ...labelTrust(row) })));
  return weights === undefined ? {} : { weights };
}

/** The rows of several kernels with the same features. */
export function joinRows(parts: readonly ModelData[]): ModelData {
  const [first] = parts as readonly [ModelData, ...ModelData[]];
  const join = (arrays: readonly Float64Array[]): Float64Array => Float64Array.from(arrays.flatMap((array) => [...array]));
  return {
    featureNames: first.featureNames,
    ...(first.pathFeatures && { pathFeatures: first.pathFeatures }),
    features: {
      rows: parts.reduce((sum, { features }) => sum + features.rows, 0),
      columns: first.features.columns,
      values: join(parts.map(({ features }) => features.values)),
    },
    latenciesMs: join(parts.map(({ latenciesMs }) => latenciesMs)),
    weights: join(parts.map(({ weights, latenciesMs }) => weights ?? new Float64Array(latenciesMs.length).fill(1))),
  };
}
