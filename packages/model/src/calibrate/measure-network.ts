import { type AnyBackend, type Implement, Rng } from '@nnm/core';
import {
  type Environment,
  type FileSystem,
  type MeasureJobs,
  type MeasurementFlag,
  measurementsOf,
  nodeFileSystem,
  type ProfiledRecord,
  type ProfileEvent,
  type ProfileJob,
  type ProfilePolicy,
  type ProfileRecord,
  type ProfilerOptions,
  policyFor,
  profileInTime,
  readJournal,
  referenceGraph,
  SYSTEM_TIMERS,
  type Timers,
} from '@nnm/profiler';
import type { DetectedKernel } from '../lift/lifted-model.ts';
import { networkRatio, type RoundValues, roundValues } from './network-rounds.ts';
import { partModel } from './part-model.ts';

/** Where and how networks are measured. */
export interface NetworkMeasuring {
  readonly backend: AnyBackend;
  readonly settings: unknown;
  readonly implement: Implement;
  readonly batchSize: number;
  readonly seed: number;
  /** Journal of the measurements: what it holds is not measured again. Default: none. */
  readonly journalFile?: string | undefined;
  readonly files?: FileSystem | undefined;
  readonly policy?: Partial<ProfilePolicy> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that are left for measuring; default: no limit. */
  readonly timeLeftMs?: (() => number) | undefined;
  readonly timers?: Timers | undefined;
  /** Who measures. Default: the engine. */
  readonly measure?: MeasureJobs | undefined;
}

/** A network to measure, with the parts that its runtime runs as one. */
export interface NetworkJob {
  readonly name: string;
  /** Says what the whole model is: the hash of its graph, or of its file. */
  readonly hash: string;
  readonly model: () => Uint8Array | Promise<Uint8Array>;
  readonly kernels: readonly DetectedKernel[];
}

/** A network and its parts, measured in the same rounds. */
export interface NetworkMeasurement {
  readonly name: string;
  readonly latencyMs: number;
  readonly flags: readonly MeasurementFlag[];
  /** What the parts take together, by the ratio of the rounds; absent when a part could not be measured. */
  readonly sumMs?: number;
  /** Latency of each part by itself, one per kernel of the job; absent for those that could not be measured. */
  readonly partsMs: readonly (number | undefined)[];
  /** Why parts have no latency, as sentences. */
  readonly problems: readonly string[];
  readonly environment: Environment;
}

/** A network that could not be measured, and why. */
export interface FailedNetwork {
  readonly name: string;
  readonly problem: string;
  /** The time ended before it was measured. */
  readonly isLate?: boolean;
}

/**
 * Measure a network together with its parts: all in one run of the engine, which visits them in turns.
 *
 * @returns a {@link FailedNetwork} when the whole model has no latency
 * @throws what `profileKernels` throws
 */
export async function* measureNetwork(
  network: NetworkJob,
  measuring: NetworkMeasuring & { readonly journalFile: string },
): AsyncGenerator<ProfileEvent, NetworkMeasurement | FailedNetwork> {
  const { name, kernels } = network;
  const { files = nodeFileSystem, journalFile } = measuring;
  const wholeId = `${name}/whole`;
  const parts = new Map<string, { readonly model: NetworkJob['model']; times: number }>();
  const partHashes = kernels.map((kernel) => {
    const found = partModel(kernel, measuring);
    if (found === undefined) return undefined;
    const part = parts.get(found.hash) ?? { model: found.model, times: 0 };
    part.times++;
    parts.set(found.hash, part);
    return found.hash;
  });
  const partId = (hash: string): string => `${name}/${hash}`;
  const jobs: readonly ProfileJob[] = [
    { id: wholeId, hash: network.hash, model: network.model },
    ...[...parts].map(([hash, { model }]) => ({ id: partId(hash), hash, model })),
  ];
  const isKnown = (content: ReturnType<typeof readJournal>): boolean => jobs.every((job) => measurementsOf(content, job) !== undefined);
  // Not even a runtime is started when there is no time and something to measure.
  if ((measuring.timeLeftMs?.() ?? 1) <= 0 && !isKnown(readJournal(journalFile, files))) {
    return { name, problem: problemOf(undefined), isLate: true };
  }
  const { records, environment } = yield* profileJobs(jobs, name, measuring, { together: true });
  const byId = new Map(records.map((record) => [record.id, record]));
  const whole = byId.get(wholeId);
  if (whole?.status !== 'ok') return { name, problem: problemOf(whole), isLate: whole === undefined };
  const latencyOf = (hash: string | undefined): number | undefined => {
    const record = hash === undefined ? undefined : byId.get(partId(hash));
    return record?.status === 'ok' ? record.stats.latencyMs : undefined;
  };
  const content = readJournal(journalFile, files);
  const policy = policyFor(measuring.backend, measuring.policy);
  const roundsOf = (record: ProfiledRecord, hash: string): RoundValues => ({
    rounds: roundValues(measurementsOf(content, { id: record.id, hash })?.visits ?? [], record.quietLevelMs, policy),
    labelMs: record.stats.latencyMs,
  });
  const partsMs = partHashes.map(latencyOf);
  const ratio = partsMs.includes(undefined)
    ? undefined
    : networkRatio(
        roundsOf(whole, network.hash),
        [...parts].map(([hash, { times }]) => ({ times, ...roundsOf(byId.get(partId(hash)) as ProfiledRecord, hash) })),
      );
  const { latencyMs } = whole.stats;
  return {
    name,
    latencyMs,
    flags: whole.flags,
    ...(ratio !== undefined && { sumMs: latencyMs / ratio }),
    partsMs,
    problems: [
      ...kernels.flatMap(({ gap }) => (gap === undefined ? [] : [gap])),
      ...[...parts.keys()].flatMap((hash) => (latencyOf(hash) === undefined ? [problemOf(byId.get(partId(hash)))] : [])),
    ],
    environment,
  };
}

function problemOf(record: ProfileRecord | undefined): string {
  return record?.status === 'failed' ? `${record.error.message} [${record.error.code}]` : 'the time ended before it was measured';
}

/** A model that was measured as a whole. */
export interface MeasuredWhole {
  /** Absent when the time ended before it was measured. */
  readonly record: ProfileRecord | undefined;
  readonly environment: Environment;
}

/**
 * Measure a model as a whole.
 *
 * @throws what `profileKernels` throws
 */
export async function* measureModel(
  { name, hash, model }: Omit<NetworkJob, 'kernels'>,
  measuring: NetworkMeasuring,
): AsyncGenerator<ProfileEvent, MeasuredWhole> {
  const { records, environment } = yield* profileJobs([{ id: `${name}/whole`, hash, model }], name, measuring);
  return { record: records[0], environment };
}

/** Measure jobs of one model; the journal is the networks' own. */
export function profileJobs(
  jobs: readonly ProfileJob[],
  name: string,
  measuring: NetworkMeasuring,
  { together }: Pick<ProfilerOptions, 'together'> = {},
): ReturnType<MeasureJobs> {
  const { backend, settings, implement, seed, journalFile, files, policy, signal, timeLeftMs } = measuring;
  const { timers = SYSTEM_TIMERS, measure = profileInTime } = measuring;
  return measure(
    jobs,
    {
      backend,
      settings,
      referenceModel: () => backend.convert(referenceGraph(backend), implement),
      rng: new Rng(seed).fork(`networks/${name}`),
      journalFile,
      files,
      policy,
      signal,
      together,
      ...(timeLeftMs && { budgetMs: Math.max(0, timeLeftMs()) }),
    },
    timers,
  );
}
