import {
  type AnyBackend,
  type CostLimits,
  DEFAULT_COST_LIMITS,
  type Implement,
  InvalidFileError,
  InvalidSettingsError,
  MOST_PROBLEMS_SHOWN,
  NnmError,
  type Problem,
  type Registry,
  suggestNearest,
} from '@nnm/core';
import { z } from 'zod';
import { MissingBackend } from './missing-backend.ts';
import { type TrainingSettings, trainingProblems } from './training-settings.ts';
import type { Workspace, WorkspaceManifest } from './workspace.ts';
import { locateProblems, readYamlFile, type YamlFile } from './yaml-file.ts';

/** How one kernel's predictor is built. */
export interface KernelBuildSettings {
  /** Configurations of the initial round, drawn from the prior. */
  readonly initSampleNum: number;
  /** New configurations around each large error in every further round. */
  readonly finegrainedSampleNum: number;
  /** Rounds in all: the initial one and `iteration - 1` of adaptive sampling. */
  readonly iteration: number;
  /** Relative error above which a configuration is sampled around, such as 0.1. */
  readonly errorThreshold: number;
  /** Further prior configurations that only grade; they never steer sampling. */
  readonly holdoutSampleNum: number;
  /** `joint` keeps the structure of known layers, `marginal` draws every dimension on its own. */
  readonly sampling: 'joint' | 'marginal';
  /** Configurations with more work than this are not sampled; absent means `DEFAULT_COST_LIMITS`. */
  readonly limits?: CostLimits;
  /**
   * Where further rounds sample: `uncertainty` where a committee of models disagrees and errs, `original` around each large validation
   * error, as the original method does. Both take `finegrainedSampleNum` configurations for each large error.
   */
  readonly adaptive: AdaptiveRule;
  /** How predictors are trained; absent means the default. */
  readonly training?: TrainingSettings;
}

/** Rules of adaptive sampling. */
export type AdaptiveRule = (typeof ADAPTIVE_RULES)[number];

/** The ids of {@link AdaptiveRule}. */
export const ADAPTIVE_RULES = ['uncertainty', 'original'] as const;

/** Both configuration files of a workspace, checked. */
export interface WorkspaceConfig {
  /** Keep every statistic of a measurement in the latency file. */
  readonly detail: boolean;
  readonly implement: Implement;
  readonly batchSize: number;
  readonly backend: AnyBackend;
  /** What `backend.parseSettings` returned. */
  readonly settings: unknown;
  /** In the order of the file. */
  readonly kernels: ReadonlyMap<string, KernelBuildSettings>;
  /** Listed kernels that nothing provides here, and why, with file and line. */
  readonly missing: ReadonlyMap<string, string>;
}

/** Values of a kernel that says nothing else, as in the original method but for the hold-out. */
export const DEFAULT_KERNEL_SETTINGS: KernelBuildSettings = {
  initSampleNum: 1000,
  finegrainedSampleNum: 10,
  iteration: 5,
  errorThreshold: 0.1,
  holdoutSampleNum: 200,
  sampling: 'joint',
  adaptive: 'uncertainty',
};

/** Rounds of a kernel without `ITERATION` in a workspace of version 1: 5 adaptive ones after the first. */
const VERSION_1_ROUNDS = 6;

/** What zod says of a section that is not one; unknown keys keep their own words. */
const SECTION = {
  error: (issue: { readonly code?: string }) => (issue.code === 'invalid_type' ? 'must be a list of keys with their values' : undefined),
};

/** Configurations per kernel and round; more would not fit into memory and would take years to measure. */
export const MAX_SAMPLE_NUM = 1_000_000;

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

/** Default size of the hold-out: a fifth of the initial round, at least 20. */
export function defaultHoldout(initSampleNum: number): number {
  return Math.max(20, Math.round(initSampleNum / 5));
}

/** How strictly a workspace's configuration is read. */
export interface ReadConfigOptions {
  /** False where nothing will be measured: a backend that nothing provides here is then a stand-in that fails when it is used. */
  readonly needsBackend?: boolean;
}

/**
 * Read and check `configs/predictorbuild_config.yaml` and `configs/backend_config.yaml`. Of several kernels, those that nothing provides
 * are `missing` and cost the others nothing.
 *
 * @throws {@link InvalidFileError} with every problem of the files at once: key and line; unknown kernels and backends get the nearest names
 */
export async function readWorkspaceConfig(
  workspace: Workspace,
  registry: Registry,
  { needsBackend = true }: ReadConfigOptions = {},
): Promise<WorkspaceConfig> {
  const backendYaml = await readYamlFile(workspace.paths.backendConfig, workspace.files);
  const buildYaml = await readYamlFile(workspace.paths.buildConfig, workspace.files);
  const backend = attempt(() => parseBackendConfig(backendYaml, registry, needsBackend));
  const build = attempt(() => parseBuildConfig(buildYaml, registry, workspace.manifest));
  if ('problem' in backend && 'problem' in build) throw new InvalidFilesError([backend.problem, build.problem]);
  if ('problem' in backend) throw backend.problem;
  if ('problem' in build) throw build.problem;
  if (!(backend.value.backend instanceof MissingBackend) && !backend.value.backend.implement.includes(build.value.implement)) {
    const line = buildYaml.lineOf(['IMPLEMENT']);
    const can = backend.value.backend.implement.join(' or ');
    const message = `is ${build.value.implement}, but the backend ${backend.value.backend.id} runs ${can}`;
    throw new InvalidFileError({ file: buildYaml.file, problems: [{ key: 'IMPLEMENT', ...(line !== undefined && { line }), message }] });
  }
  return { ...build.value, ...backend.value };
}

function attempt<T>(parse: () => T): { readonly value: T } | { readonly problem: InvalidFileError } {
  try {
    return { value: parse() };
  } catch (error) {
    if (error instanceof InvalidFileError) return { problem: error };
    throw error;
  }
}

/** Several files have problems; they are reported together. */
class InvalidFilesError extends NnmError {
  constructor(errors: readonly InvalidFileError[]) {
    super({
      code: 'ERR_INVALID_FILE',
      message: errors.map(({ message }) => message).join('\n'),
      hint: 'Correct the files and run the command again.',
      details: { files: errors.map(({ details }) => details) },
    });
  }
}

function parseBackendConfig(yaml: YamlFile, registry: Registry, isNeeded: boolean): Pick<WorkspaceConfig, 'backend' | 'settings'> {
  const fail = (problems: readonly Problem[]): never => {
    throw new InvalidFileError({ file: yaml.file, problems });
  };
  if (typeof yaml.value !== 'object' || yaml.value === null || Array.isArray(yaml.value)) {
    return fail([{ message: 'it must be a list of keys, beginning with BACKEND' }]);
  }
  const { BACKEND: id, ...raw } = yaml.value as Record<string, unknown>;
  if (typeof id !== 'string')
    return fail(locateProblems(yaml, [{ path: ['BACKEND'], message: 'must name a backend, such as tflite_cpu' }]));
  let backend: AnyBackend;
  try {
    backend = findBackend(id, registry, () => {
      const known = registry.backends.map(({ value }) => value.id);
      return fail(locateProblems(yaml, [{ path: ['BACKEND'], message: unknown('backend', id, known) }]));
    });
  } catch (error) {
    if (isNeeded || !NnmError.isInstance(error)) throw error;
    return { backend: new MissingBackend(id, error), settings: {} };
  }
  try {
    return { backend, settings: backend.parseSettings(raw) };
  } catch (error) {
    if (!(error instanceof InvalidSettingsError)) throw error;
    return fail(
      locateProblems(
        yaml,
        error.problems.map(({ key, message }) => ({ path: key?.split('.') ?? [], message })),
      ),
    );
  }
}

/** A registry may know more of what it lacks than that it is unknown, such as which package brings it. */
function findBackend(id: string, registry: Registry, otherwise: () => never): AnyBackend {
  try {
    return registry.backend(id);
  } catch (error) {
    if (NnmError.isInstance(error) && error.code === 'ERR_UNKNOWN_BACKEND') return otherwise();
    throw error;
  }
}

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

function parseBuildConfig(
  yaml: YamlFile,
  registry: Registry,
  { schemaVersion }: WorkspaceManifest,
): Omit<WorkspaceConfig, 'backend' | 'settings'> {
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
      message: unknown('key', key, i < MOST_PROBLEMS_SHOWN ? known : []),
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
  if (known.length === 0) return unknown('kernel', type, known);
  try {
    registry.kernel(type);
  } catch (error) {
    if (NnmError.isInstance(error) && error.code !== 'ERR_UNKNOWN_KERNEL') return error.message;
  }
  return unknown('kernel', type, known);
}

function unknown(what: string, id: string, known: readonly string[]): string {
  const near = suggestNearest(id, known);
  return `there is no ${what} "${id}"${near.length > 0 ? `; did you mean ${near.map((name) => `"${name}"`).join(' or ')}?` : `. Known: ${known.join(', ')}. Its plugin may be missing from the nnm config`}`;
}

function lowerCaseKeys(training: Record<string, unknown>): TrainingSettings {
  return Object.fromEntries(Object.entries(training).map(([key, value]) => [key.toLowerCase(), value]));
}
