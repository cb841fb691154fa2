import { parse } from 'yaml';
import { buildSchema, kernelSchema } from './build-config-schema.ts';
import type { YamlFile } from './yaml-file.ts';

/** Variables of the environment, by name. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** A setting that a variable has in place of its file. */
export interface Override {
  readonly variable: string;
  /** Keys from the top of the file. */
  readonly path: readonly string[];
  readonly value: unknown;
}

/** A configuration file with what variables say instead of it. */
export interface OverriddenFile extends YamlFile {
  readonly overrides: readonly Override[];
}

const BUILD_KEYS = Object.keys(buildSchema.shape).filter((key) => key !== 'KERNELS');
const KERNEL_KEYS = Object.keys(kernelSchema.shape).filter((key) => key !== 'TRAINING');
const BACKEND_PREFIX = 'NNM_BACKEND_';

/** `configs/predictorbuild_config.yaml` with what `NNM_BATCH_SIZE`, `NNM_INIT_SAMPLE_NUM` and so on say instead. */
export function overrideBuildConfig(yaml: YamlFile, env: EnvironmentVariables): OverriddenFile {
  const listed = (yaml.value as { KERNELS?: unknown } | null)?.KERNELS;
  const kernels = typeof listed === 'object' && listed !== null && !Array.isArray(listed) ? Object.keys(listed) : [];
  const overrides = [
    ...BUILD_KEYS.flatMap((key) => read(env, `NNM_${key}`, [key])),
    ...KERNEL_KEYS.flatMap((key) => kernels.flatMap((type) => read(env, `NNM_${key}`, ['KERNELS', type, key]))),
  ];
  return withOverrides(yaml, overrides);
}

/** `configs/backend_config.yaml` with what `NNM_BACKEND_THREADS` and so on say instead; the backend itself is the file's. */
export function overrideBackendConfig(yaml: YamlFile, env: EnvironmentVariables): OverriddenFile {
  const names = Object.keys(env).filter((name) => name.startsWith(BACKEND_PREFIX) && name.length > BACKEND_PREFIX.length);
  return withOverrides(
    yaml,
    names.sort().flatMap((name) => read(env, name, [name.slice(BACKEND_PREFIX.length)])),
  );
}

/** An empty variable counts as one that is not set. */
function read(env: EnvironmentVariables, variable: string, path: readonly string[]): readonly Override[] {
  const text = env[variable];
  return text === undefined || text.trim() === '' ? [] : [{ variable, path, value: parseValue(text) }];
}

/** As in the files: numbers, TRUE, lists in brackets; what is no YAML is text. */
function parseValue(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return text;
  }
}

function withOverrides(yaml: YamlFile, overrides: readonly Override[]): OverriddenFile {
  if (overrides.length === 0 || typeof yaml.value !== 'object' || Array.isArray(yaml.value)) return { ...yaml, overrides: [] };
  const value = overrides.reduce((whole, one) => withValue(whole, one.path, one.value), (yaml.value ?? {}) as object);
  return { ...yaml, value, overrides };
}

function withValue(whole: unknown, [key, ...rest]: readonly string[], value: unknown): object {
  const section = (typeof whole === 'object' && whole !== null ? whole : {}) as Record<string, unknown>;
  if (key === undefined) return section;
  return { ...section, [key]: rest.length === 0 ? value : withValue(section[key], rest, value) };
}
