import {
  DEFAULT_COST_LIMITS,
  type Implement,
  InvalidFileError,
  MOST_PROBLEMS_SHOWN,
  NnmError,
  type Problem,
  type Registry,
} from '@nnm/core';
import { z } from 'zod';
import { ADAPTIVE_RULES, DEFAULT_KERNEL_SETTINGS, defaultHoldout, type KernelBuildSettings, MAX_SAMPLE_NUM } from './kernel-settings.ts';
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

/** What zod says of a section that is not one; unknown keys keep their own words. */
const SECTION = {
  error: (issue: { readonly code?: string }) => (issue.code === 'invalid_type' ? 'must be a list of keys with their values' : undefined),
};

function count(minimum: number, maximum = Number.MAX_SAFE_INTEGER) {
  const range = maximum === Number.MAX_SAFE_INTEGER ? `>= ${minimum}` : `from ${minimum} to ${maximum}`;
  const message = `must be an integer ${range}`;
  return z.number(message).refine((value) => Number.isInteger(value) && value >= minimum && value <= maximum, message);
}

const trainingSchema = z.strictObject(
  {
    PRESET: z.string('must be the name of a preset').optional(),
    REGRESSOR: z.string('must be the id of a regressor').optional(),
    TARGET: z.string('must be the id of a target').optional(),
    OPTIONS: z.record(z.string(), z.unknown(), 'must be a list of options with their values').optional(),
  },
  SECTION,
);

const kernelSchema = z.strictObject(
  {
    INIT_SAMPLE_NUM: count(10, MAX_SAMPLE_NUM).default(DEFAULT_KERNEL_SETTINGS.initSampleNum),
    FINEGRAINED_SAMPLE_NUM: count(1, MAX_SAMPLE_NUM).default(DEFAULT_KERNEL_SETTINGS.finegrainedSampleNum),
    /** What it counts depends on the workspace: {@link firstRoundOf}. */
    ITERATION: z.unknown().optional(),
    ERROR_THRESHOLD: z
      .number('must be a number, a relative error such as 0.1')
      .positive('must be > 0, a relative error such as 0.1')
      .max(10, 'must be a relative error such as 0.1, not a percentage')
      .default(DEFAULT_KERNEL_SETTINGS.errorThreshold),
    HOLDOUT_SAMPLE_NUM: count(0, MAX_SAMPLE_NUM).optional(),
    SAMPLING: z.enum(['joint', 'marginal'], 'must be joint or marginal').default(DEFAULT_KERNEL_SETTINGS.sampling),
    MAX_FLOPS: count(1).optional(),
    MAX_BYTES: count(1).optional(),
    ADAPTIVE: z.enum(ADAPTIVE_RULES, `must be ${ADAPTIVE_RULES.join(' or ')}`).default(DEFAULT_KERNEL_SETTINGS.adaptive),
    TRAINING: trainingSchema.optional(),
  },
  SECTION,
);

const KERNELS_WANTED = 'must have the kernels as keys, such as "conv-bn-relu:", with their numbers below them';

const buildSchema = z.strictObject(
  {
    DETAIL: z.boolean('must be TRUE or FALSE').default(false),
    IMPLEMENT: z.enum(['tensorflow', 'torch'], 'must be tensorflow or torch'),
    BATCH_SIZE: count(1).default(1),
    KERNELS: z
      .record(z.string(), kernelSchema.or(z.null().transform(() => kernelSchema.parse({}))), KERNELS_WANTED)
      .refine((kernels) => Object.keys(kernels).length > 0, KERNELS_WANTED),
  },
  SECTION,
);

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
