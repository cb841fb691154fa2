import path from 'node:path';
import { type BaseFeatureParser, type FeatureMatrix, NnmError, type Problem } from '@nnm/core';
import { toFeatureMatrix } from '@nnm/predictor';
import type { FileSystem } from '@nnm/profiler';
import { stringify } from 'csv-stringify/sync';
import { readMeasuredRows } from '../data/measured-rows.ts';
import {
  joinKernelData,
  type LabelledConfig,
  mergeKernelFiles,
  readConfigFile,
  readLatencyFile,
  requireRows,
  type Workspace,
  writeWholeFile,
} from '../workspace/index.ts';

/** Labelled configurations of one kernel, and what was wrong with those left out. */
export interface KernelData {
  readonly kernel: string;
  readonly rows: readonly LabelledConfig[];
  readonly problems: readonly Problem[];
}

/**
 * Join the config and latency files of a kernel; several of each are merged, later ones winning.
 *
 * @throws {@link InvalidFileError} when nothing usable is left, {@link FileAccessError}
 */
export async function collectKernelData(
  kernelType: string,
  configFiles: readonly string[],
  latencyFiles: readonly string[],
  files?: FileSystem,
): Promise<KernelData> {
  const configs = mergeKernelFiles(await Promise.all(configFiles.map((file) => readConfigFile(file, files))));
  const latencies = mergeKernelFiles(await Promise.all(latencyFiles.map((file) => readLatencyFile(file, files))));
  const joined = joinKernelData(kernelType, configs, latencies);
  const rows = requireRows(kernelType, latencyFiles[0] ?? configFiles[0] ?? kernelType, joined);
  return { kernel: kernelType, rows, problems: joined.problems };
}

/** Nothing of a kernel has been measured in the workspace. */
export class NothingMeasuredError extends NnmError {
  constructor(details: { kernel: string; workspace: string }) {
    super({
      code: 'ERR_NOTHING_MEASURED',
      message: `${details.workspace} holds no measurements of ${details.kernel}.`,
      hint: `Measure it with \`nnm build ${details.kernel}\` or \`nnm profile ${details.kernel}\`.`,
      details,
    });
  }
}

/**
 * Everything that a workspace has measured of a kernel, as its journal has it; what only its latency file holds counts too.
 *
 * @throws {@link NothingMeasuredError}, and what {@link collectKernelData} throws
 */
export async function collectWorkspaceData(workspace: Workspace, kernelType: string): Promise<KernelData> {
  const measured = await readMeasuredRows(workspace, kernelType);
  if (measured === undefined) throw new NothingMeasuredError({ kernel: kernelType, workspace: workspace.folder });
  return { kernel: kernelType, rows: requireRows(kernelType, workspace.paths.results, measured), problems: measured.problems };
}

/** Features and latencies of one kernel, row by row. */
export interface FeatureData {
  readonly featureNames: readonly string[];
  readonly features: FeatureMatrix;
  /** Milliseconds. */
  readonly latenciesMs: Float64Array;
  readonly problems: readonly Problem[];
}

/**
 * Features and latencies from config and latency files.
 *
 * @param saveFile - also write them there as CSV: the features, then `latency_ms`
 */
export async function getDataByProfiledResults(
  kernelType: string,
  parser: BaseFeatureParser,
  configFiles: readonly string[],
  latencyFiles: readonly string[],
  saveFile?: string,
): Promise<FeatureData> {
  const { rows, problems } = await collectKernelData(kernelType, configFiles, latencyFiles);
  const { featureNames } = parser;
  const vectors = rows.map(({ config }) => parser.getFeatureByConfig(config));
  if (saveFile !== undefined) {
    const lines = rows.map(({ latencyMs }, row) => [...(vectors[row] as readonly number[]), latencyMs]);
    await writeWholeFile(saveFile, stringify([[...featureNames, 'latency_ms'], ...lines]));
  }
  return {
    featureNames,
    features: toFeatureMatrix(vectors, featureNames.length),
    latenciesMs: Float64Array.from(rows, ({ latencyMs }) => latencyMs),
    problems,
  };
}

/** Write everything a workspace holds of a kernel as CSV: id, features, latency and spread in milliseconds; an unknown spread is an empty cell. @returns the file and its rows */
export async function exportKernelData(
  workspace: Workspace,
  parser: BaseFeatureParser,
  file: string = path.join(workspace.paths.collection, `${parser.kernelType}.csv`),
): Promise<KernelData & { readonly file: string }> {
  const data = await collectWorkspaceData(workspace, parser.kernelType);
  const lines = data.rows.map(({ id, config, latencyMs, spreadMs }) => [
    id,
    ...parser.getFeatureByConfig(config),
    latencyMs,
    spreadMs ?? '',
  ]);
  const table = stringify([['id', ...parser.featureNames, 'latency_ms', 'spread_ms'], ...lines]);
  if (workspace.own.covers(file)) await workspace.own.write(file, table);
  else await writeWholeFile(file, table, { files: workspace.files });
  return { ...data, file };
}
