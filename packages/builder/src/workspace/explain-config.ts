import { DEFAULT_COST_LIMITS } from '@nnm/core';
import type { KernelBuildSettings } from './kernel-settings.ts';
import type { Workspace } from './workspace.ts';
import type { WorkspaceConfig } from './workspace-config.ts';
import { readYamlFile, type YamlFile } from './yaml-file.ts';

/** One setting of a workspace as it counts now. */
export interface ExplainedSetting {
  /** As it is written in the file, such as `KERNELS.conv-bn-relu.ITERATION`. */
  readonly key: string;
  readonly value: unknown;
  /** `default`: no file says anything of it; `environment`: a variable does, whatever its file says. */
  readonly from: 'file' | 'environment' | 'default';
  readonly variable?: string;
  /** The file and the line that it stands in. */
  readonly file?: string;
  readonly line?: number;
}

/** The keys of a kernel, and what they came to. */
const KERNEL_KEYS: Readonly<Record<string, (settings: KernelBuildSettings) => unknown>> = {
  INIT_SAMPLE_NUM: ({ initSampleNum }) => initSampleNum,
  FINEGRAINED_SAMPLE_NUM: ({ finegrainedSampleNum }) => finegrainedSampleNum,
  ITERATION: ({ iteration }) => iteration,
  ERROR_THRESHOLD: ({ errorThreshold }) => errorThreshold,
  HOLDOUT_SAMPLE_NUM: ({ holdoutSampleNum }) => holdoutSampleNum,
  SAMPLING: ({ sampling }) => sampling,
  ADAPTIVE: ({ adaptive }) => adaptive,
  MAX_FLOPS: ({ limits }) => (limits ?? DEFAULT_COST_LIMITS).maxFlops,
  MAX_BYTES: ({ limits }) => (limits ?? DEFAULT_COST_LIMITS).maxBytes,
  TRAINING: ({ training }) => training ?? 'default',
};

/**
 * Every setting of a workspace with its effective value and where it comes from. Of a backend these are the keys that its file has, and what
 * the backend itself adds to them.
 *
 * `ITERATION` is the number of rounds in all, also where an older workspace counts adaptive ones alone.
 *
 * @throws core's `InvalidFileError`, `FileAccessError`
 */
export async function explainConfig(workspace: Workspace, config: WorkspaceConfig): Promise<readonly ExplainedSetting[]> {
  const { paths, files, manifest } = workspace;
  const { overrides = [] } = config;
  const explain = (yaml: YamlFile, path: readonly string[], value: unknown): ExplainedSetting => {
    const override = overrides.find((one) => one.path.join('.') === path.join('.'));
    return override === undefined
      ? explainByFile(yaml, path, value)
      : { key: path.join('.'), value, from: 'environment', variable: override.variable };
  };
  const build = await readYamlFile(paths.buildConfig, files);
  const backend = await readYamlFile(paths.backendConfig, files);
  const explained: ExplainedSetting[] = [
    explain(build, ['DETAIL'], config.detail),
    explain(build, ['IMPLEMENT'], config.implement),
    explain(build, ['BATCH_SIZE'], config.batchSize),
    { key: 'seed', value: manifest.seed, from: 'file', file: paths.manifest },
  ];
  for (const [type, settings] of config.kernels) {
    for (const [key, read] of Object.entries(KERNEL_KEYS)) explained.push(explain(build, ['KERNELS', type, key], read(settings)));
  }
  for (const [key, value] of Object.entries(backend.value as object)) {
    if (!overrides.some(({ path }) => path.length === 1 && path[0] === key)) explained.push(explain(backend, [key], value));
  }
  for (const { variable, path, value } of overrides.filter((one) => one.variable.startsWith('NNM_BACKEND_'))) {
    explained.push({ key: path.join('.'), value, from: 'environment', variable });
  }
  const named = new Set(explained.map(({ key }) => key));
  for (const [key, value] of Object.entries(config.settings ?? {})) {
    if (!named.has(key)) explained.push({ key, value, from: 'default' });
  }
  return explained;
}

function explainByFile(yaml: YamlFile, path: readonly string[], value: unknown): ExplainedSetting {
  const key = path.join('.');
  if (!isWritten(yaml.value, path)) return { key, value, from: 'default' };
  const line = yaml.lineOf(path);
  return { key, value, from: 'file', file: yaml.file, ...(line !== undefined && { line }) };
}

function isWritten(value: unknown, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return true;
  return (
    typeof value === 'object' && value !== null && Object.hasOwn(value, key) && isWritten((value as Record<string, unknown>)[key], rest)
  );
}
