import path from 'node:path';
import { type BaseFeatureParser, type FeatureMatrix, InvalidFileError, type KernelConfig, NnmError, type Problem } from '@nnm/core';
import { toFeatureMatrix } from '@nnm/predictor';
import type { FileSystem } from '@nnm/profiler';
import { stringify } from 'csv-stringify/sync';
import { importedRowsBeside } from '../data/imported-data.ts';
import { type MarkedConfig, readMeasured, type Setting } from '../data/measured-data.ts';
import {
  joinKernelData,
  type LabelledConfig,
  mergeKernelFiles,
  readConfigFile,
  readLatencyFile,
  requireRows,
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
 * Everything a workspace holds of a kernel under one setting: what the journal has of it at this moment, and what was imported.
 *
 * @throws {@link NothingMeasuredError}; {@link InvalidFileError}, {@link FileAccessError}, {@link JournalFormatError}
 */
export async function collectWorkspaceData(kernelType: string, setting: Setting): Promise<KernelData> {
  const { rows, problems } = await readMeasured(kernelType, setting);
  const imported = await importedRowsBeside(kernelType, rows, setting);
  const { workspace } = setting;
  if (rows.length + imported.length === 0) {
    if (problems.length > 0) throw new InvalidFileError({ file: workspace.paths.results, problems });
    throw new NothingMeasuredError({ kernel: kernelType, workspace: workspace.folder });
  }
  return { kernel: kernelType, rows: [...rows, ...imported], problems };
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

/** {@link collectWorkspaceData} as a table. */
export interface KernelTable extends KernelData {
  /** CSV with a header; see {@link kernelTable}. */
  readonly text: string;
}

/**
 * Everything a workspace holds of a kernel under one setting as CSV: id, configuration, features, latency and spread in milliseconds, the
 * setting, the kernel, the round it was chosen in (empty for imported rows), and how far the latency can be trusted. What is unknown is an
 * empty cell. {@link importKernelData} and every stage that reads rows take it.
 */
export async function kernelTable(kernelType: string, setting: Setting): Promise<KernelTable> {
  const { implement, batchSize } = setting;
  const kernel = setting.registry.kernel(kernelType);
  const parser = kernel.features;
  const keys = Object.keys(kernel.configSpace).filter((key) => !parser.featureNames.includes(key));
  const { data, features } = withFeatures(await collectWorkspaceData(kernelType, setting), parser);
  const lines = data.rows.map((row, index) => {
    const { id, config, latencyMs, spreadMs, repeatabilityMs, flags = [] } = row;
    const { mark = '' } = row as Partial<MarkedConfig>;
    const sizes = [...keys.map((key) => config[key]), ...(features[index] as readonly number[])];
    const trust = [repeatabilityMs ?? '', flags.join(' ')];
    return [id, ...sizes, latencyMs, spreadMs ?? '', implement, batchSize, kernelType, mark, ...trust];
  });
  const howMeasured = ['implement', 'batch_size', 'kernel', 'mark', 'repeatability_ms', 'flags'];
  const text = stringify([['id', ...keys, ...parser.featureNames, 'latency_ms', 'spread_ms', ...howMeasured], ...lines]);
  return { ...data, text };
}

/**
 * Write {@link kernelTable} into a file.
 *
 * @returns the file and its rows
 */
export async function exportKernelData(
  kernelType: string,
  setting: Setting,
  file: string = path.join(setting.workspace.paths.collection, `${kernelType}.csv`),
): Promise<KernelData & { readonly file: string }> {
  const { workspace } = setting;
  const { text, ...data } = await kernelTable(kernelType, setting);
  if (workspace.own.covers(file)) await workspace.own.write(file, text);
  else await writeWholeFile(file, text, { files: workspace.files });
  return { ...data, file };
}

/** The rows that have all their features. A row without, such as one whose configuration lacks a key, is a problem and no half-empty line. */
function withFeatures(
  collected: KernelData,
  parser: BaseFeatureParser,
): { readonly data: KernelData; readonly features: readonly (readonly number[])[] } {
  const found = collected.rows.map((row) => ({ row, features: attemptFeatures(parser, row.config) }));
  const whole = found.filter((one): one is typeof one & { features: readonly number[] } => one.features !== undefined);
  const bad = found.filter(({ features }) => features === undefined).map(({ row }) => row.id);
  const data = { ...collected, rows: whole.map(({ row }) => row) };
  const features = whole.map((one) => one.features);
  if (bad.length === 0) return { data, features };
  const message = `${bad.length} ${bad.length === 1 ? 'id has a configuration' : 'ids have configurations'} without all keys of the kernel: ${bad.slice(0, 5).join(', ')}`;
  return { data: { ...data, problems: [...collected.problems, { message }] }, features };
}

function attemptFeatures(parser: BaseFeatureParser, config: KernelConfig): readonly number[] | undefined {
  try {
    const features = parser.getFeatureByConfig(config);
    return features.length === parser.featureNames.length && features.every(Number.isFinite) ? features : undefined;
  } catch (error) {
    if (NnmError.isInstance(error) && error.code === 'ERR_INVALID_CONFIG') return undefined;
    throw error;
  }
}
