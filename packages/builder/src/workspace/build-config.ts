import {
  DEFAULT_COST_LIMITS,
  type Implement,
  InvalidFileError,
  MOST_PROBLEMS_SHOWN,
  NnmError,
  type Problem,
  type Registry,
} from '@nnm/core';
import { buildSchema, count, kernelSchema, trainingSchema } from './build-config-schema.ts';
import { DEFAULT_KERNEL_SETTINGS, defaultHoldout, type KernelBuildSettings } from './kernel-settings.ts';
import { type TrainingSettings, trainingProblems } from './training-settings.ts';
import { unknownName } from './unknown-name.ts';
import type { WorkspaceManifest } from './workspace.ts';
import { locateProblems, type YamlFile } from './yaml-file.ts';

/** What `configs/predictorbuild_config.yaml` says, checked. */
export interface BuildConfig {
  /** Keep every statistic of a measurement in the latency file. */
  readonly detail: boolean;
  readonly implement: Implement;
  readonly batchSize: number;
  /** In the order of the file. */
  readonly kernels: ReadonlyMap<string, KernelBuildSettings>;
  /** Listed kernels that nothing provides here, and why, with file and line. */
  readonly missing: ReadonlyMap<string, string>;
}

/** Rounds of a kernel without `ITERATION` in a workspace of version 1: 5 adaptive ones after the first. */
const VERSION_1_ROUNDS = 6;

/** What `ITERATION` calls the initial round: 1, or 0 in a workspace of version 1, whose `ITERATION` counts adaptive rounds alone. */
function firstRoundOf(schemaVersion: number): 0 | 1 {
  return schemaVersion === 1 ? 0 : 1;
}

/** `ITERATION` as `iteration`: rounds in all. */
function roundsOf(given: unknown, schemaVersion: number): number {
  if (given !== undefined) return (given as number) + 1 - firstRoundOf(schemaVersion);
  return schemaVersion === 1 ? VERSION_1_ROUNDS : DEFAULT_KERNEL_SETTINGS.iteration;
}

function wrongRounds(
  kernels: Readonly<Record<string, { readonly ITERATION?: unknown }>>,
  schemaVersion: number,
): readonly { readonly path: readonly string[]; readonly message: string }[] {
  const check = count(firstRoundOf(schemaVersion)).optional();
  return Object.entries(kernels).flatMap(([type, { ITERATION }]) =>
    (check.safeParse(ITERATION).error?.issues ?? []).map(({ message }) => ({ path: ['KERNELS', type, 'ITERATION'], message })),
  );
}

/** @throws {@link InvalidFileError} */
export function parseBuildConfig(yaml: YamlFile, registry: Registry, { schemaVersion }: WorkspaceManifest): BuildConfig {
  const parsed = buildSchema.safeParse(yaml.value);
  const absent = unknownKernels(yaml, registry);
  const problems = [
    ...locateProblems(yaml, parsed.error?.issues.flatMap(flattenIssue) ?? []),
    ...(parsed.success ? locateProblems(yaml, wrongTraining(parsed.data.KERNELS, registry)) : []),
    ...locateProblems(yaml, parsed.success ? wrongRounds(parsed.data.KERNELS, schemaVersion) : []),
  ];
  const isAnyThere = parsed.success && Object.keys(parsed.data.KERNELS).some((type) => !absent.has(type));
  // With another problem, or with nothing left, what is absent is told with it
  if (problems.length > 0 || !parsed.success || !isAnyThere)
    throw new InvalidFileError({ file: yaml.file, problems: [...problems, ...absent.values()] });
  const { DETAIL, IMPLEMENT, BATCH_SIZE, KERNELS } = parsed.data;
  const there = Object.entries(KERNELS).filter(([type]) => !absent.has(type));
  const kernels = there.map(([type, kernel]): [string, KernelBuildSettings] => [
    type,
    {
      initSampleNum: kernel.INIT_SAMPLE_NUM,
      finegrainedSampleNum: kernel.FINEGRAINED_SAMPLE_NUM,
      iteration: roundsOf(kernel.ITERATION, schemaVersion),
      errorThreshold: kernel.ERROR_THRESHOLD,
      holdoutSampleNum: kernel.HOLDOUT_SAMPLE_NUM ?? defaultHoldout(kernel.INIT_SAMPLE_NUM),
      sampling: kernel.SAMPLING,
      adaptive: kernel.ADAPTIVE,
      ...(Boolean(kernel.MAX_FLOPS ?? kernel.MAX_BYTES) && {
        limits: { maxFlops: kernel.MAX_FLOPS ?? DEFAULT_COST_LIMITS.maxFlops, maxBytes: kernel.MAX_BYTES ?? DEFAULT_COST_LIMITS.maxBytes },
      }),
      ...(kernel.TRAINING && { training: lowerCaseKeys(kernel.TRAINING) }),
    },
  ]);
  const missing = new Map(
    [...absent].map(([type, { line, message }]) => [
      type,
      `${yaml.file}${line === undefined ? '' : `:${line}`} KERNELS.${type}: ${message}`,
    ]),
  );
  return { detail: DETAIL, implement: IMPLEMENT, batchSize: BATCH_SIZE, kernels: new Map(kernels), missing };
}

function wrongTraining(
  kernels: Readonly<Record<string, { readonly TRAINING?: Record<string, unknown> | undefined }>>,
  registry: Registry,
): readonly { readonly path: readonly string[]; readonly message: string }[] {
  return Object.entries(kernels).flatMap(([type, { TRAINING }]) =>
    TRAINING === undefined
      ? []
      : trainingProblems(lowerCaseKeys(TRAINING), registry).map(({ key, message }) => ({
          path: ['KERNELS', type, 'TRAINING', key],
          message,
        })),
  );
}

interface ZodIssue {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
  readonly errors?: readonly (readonly ZodIssue[])[];
}

/** One issue per unrecognised key and per branch of a union, with the path of the key itself. */
function flattenIssue(issue: ZodIssue): readonly ZodIssue[] {
  if (issue.code === 'unrecognized_keys') {
    const section = issue.path.includes('TRAINING') ? trainingSchema : issue.path.length === 0 ? buildSchema : kernelSchema;
    const known = Object.keys(section.shape);
    return (issue.keys ?? []).map((key, i) => ({
      path: [...issue.path, key],
      message: unknownName('key', key, i < MOST_PROBLEMS_SHOWN ? known : []),
    }));
  }
  if (issue.code === 'invalid_union') {
    return (issue.errors?.[0] ?? []).flatMap((inner) => flattenIssue({ ...inner, path: [...issue.path, ...inner.path] }));
  }
  return [issue];
}

/** Listed kernels that nothing provides, each with its problem. */
function unknownKernels(yaml: YamlFile, registry: Registry): ReadonlyMap<string, Problem> {
  const listed = (yaml.value as { KERNELS?: unknown } | null)?.KERNELS;
  if (typeof listed !== 'object' || listed === null || Array.isArray(listed)) return new Map();
  const known = registry.kernels.map(({ value }) => value.type);
  const isKnown = new Set(known);
  const absent = Object.keys(listed).filter((type) => !isKnown.has(type));
  // Further problems are counted, not listed.
  const issues = absent.map((type, i) => ({
    path: ['KERNELS', type],
    message: whyAbsent(type, registry, i < MOST_PROBLEMS_SHOWN ? known : []),
  }));
  const problems = locateProblems(yaml, issues);
  return new Map(absent.map((type, index) => [type, problems[index] as Problem]));
}

/** A registry may know more of what it lacks than that it is unknown, such as which plugin cannot be loaded. */
function whyAbsent(type: string, registry: Registry, known: readonly string[]): string {
  if (known.length === 0) return unknownName('kernel', type, known);
  try {
    registry.kernel(type);
  } catch (error) {
    if (NnmError.isInstance(error) && error.code !== 'ERR_UNKNOWN_KERNEL') return error.message;
  }
  return unknownName('kernel', type, known);
}

function lowerCaseKeys(training: Record<string, unknown>): TrainingSettings {
  return Object.fromEntries(Object.entries(training).map(([key, value]) => [key.toLowerCase(), value]));
}
