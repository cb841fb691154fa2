import {
  type AnyBackend,
  type FusionCase,
  type Graph,
  GraphBuilder,
  graphHash,
  type Implement,
  InvalidArgumentError,
  inferShapes,
  Rng,
} from '@nnm/core';
import { type Environment, type ProfileEvent, type ProfilePolicy, type ProfileRecord, profileKernels, referenceGraph } from '@nnm/profiler';
import { type FusionRules, parseFusionRules } from '../detect/fusion-rules.ts';
import { type FusionAnswer, judgeFusion, type Measured } from './judge-fusion.ts';

/** Deviation of a measurement that was made in one visit, which says nothing of another: as a share of its latency. */
const UNKNOWN_DEVIATION = 0.05;

/** Where fusions are looked for. */
export interface FusionDetection {
  readonly backend: AnyBackend;
  readonly settings: unknown;
  readonly implement: Implement;
  /** Of the order of the measurements. */
  readonly seed: number;
  readonly policy?: Partial<ProfilePolicy>;
  readonly signal?: AbortSignal;
  readonly journalFile?: string;
}

/** A case with its answer; without one where its models could not be built or measured. */
export interface AnsweredCase {
  readonly case: FusionCase;
  readonly answer?: FusionAnswer;
  readonly error?: string;
}

/** What was found out about a backend. */
export interface DetectedFusions {
  readonly cases: readonly AnsweredCase[];
  readonly environment: Environment;
  /** Chains of the pairs that run as one. */
  readonly rules: FusionRules;
}

/** Measure every op of the cases alone and together with the profiling engine, each model once, and decide. */
export async function* detectFusions(
  cases: readonly FusionCase[],
  { backend, settings, implement, seed, ...options }: FusionDetection,
): AsyncGenerator<ProfileEvent, DetectedFusions> {
  const how = { implement, batchSize: 1 };
  const built = cases.map(buildCase);
  const nothing = nothingGraph();
  const graphs = new Map(
    [nothing, ...built.flatMap((models) => ('problem' in models ? [] : [...models.alone, models.together]))].map((graph) => [
      graphHash(graph, how),
      graph,
    ]),
  );
  const summary = yield* profileKernels(
    [...graphs].map(([hash, graph]) => ({ id: hash, hash, model: () => backend.convert(graph, implement, 'part') })),
    {
      backend,
      settings,
      referenceModel: () => backend.convert(referenceGraph(backend), implement),
      rng: new Rng(seed).fork('fusion'),
      ...options,
    },
  );
  const records = new Map(summary.records.map((record) => [record.id, record]));
  const of = (graph: Graph): Measured | string => measuredOf(records.get(graphHash(graph, how)));
  const call = of(nothing);
  const callMs = typeof call === 'string' ? 0 : call.latencyMs;
  const answered = built.map((models): AnsweredCase => {
    const { one } = models;
    if ('problem' in models) return { case: one, error: models.problem };
    const { alone, together } = models;
    const [last, ...parts] = [of(together), ...alone.map(of)];
    const error = [last, ...parts].find((part) => typeof part === 'string');
    if (error !== undefined) return { case: one, error: error as string };
    return { case: one, answer: judgeFusion(parts as readonly Measured[], last as Measured, callMs) };
  });
  return { cases: answered, environment: summary.environment, rules: rulesOf(answered, backend, summary.environment) };
}

type BuiltCase = { readonly one: FusionCase } & (ReturnType<FusionCase['build']> | { readonly problem: string });

/** A case of somebody else's may be anything: what is wrong with it is its answer. */
function buildCase(one: FusionCase): BuiltCase {
  try {
    const { alone, together } = one.build();
    if (!Array.isArray(alone) || alone.length < 2)
      throw new InvalidArgumentError({ name: 'alone', expected: 'the graphs of two ops or more', got: alone });
    for (const graph of [...alone, together]) inferShapes(graph);
    if (one.steps !== undefined) parseFusionRules({ ...NO_RULES, chains: [{ name: one.id, steps: one.steps }] });
    return { one, alone, together };
  } catch (error) {
    return { one, problem: `it cannot be built: ${error instanceof Error ? error.message : String(error)}` };
  }
}

const NO_RULES = {
  schemaVersion: 1,
  backend: '',
  runtime: '',
  versions: { from: '0' },
  layout: 'measured',
  foldsBatchNorm: false,
  freePadding: [],
  freeBias: [],
  chains: [],
} as const satisfies FusionRules;

function nothingGraph(): Graph {
  const g = new GraphBuilder('nothing');
  return g.build(g.reshape(g.input([1, 1]), [1, 1]));
}

/** A latency with its deviation, or why there is none. */
function measuredOf(record: ProfileRecord | undefined): Measured | string {
  if (record === undefined) return 'it was not measured: the run ended first';
  if (record.status === 'failed') return record.error.message;
  const { latencyMs, repeatabilityMs = UNKNOWN_DEVIATION * latencyMs } = record.stats;
  return { latencyMs, deviationMs: repeatabilityMs };
}

function rulesOf(cases: readonly AnsweredCase[], backend: AnyBackend, { runtime }: Environment): FusionRules {
  const chains = cases.flatMap(({ case: { id, steps }, answer }) =>
    steps !== undefined && answer?.verdict === 'one' ? [{ name: id, steps }] : [],
  );
  return {
    ...NO_RULES,
    backend: backend.id,
    runtime: runtime.runtime,
    versions: { from: runtime.version },
    foldsBatchNorm: chains.some(({ name }) => name.endsWith('+batchNorm')),
    chains: joinBatchNorms(chains),
  };
}

/** What follows an op follows it behind a batch normalisation, too, where that is in the op's weights. */
function joinBatchNorms(chains: FusionRules['chains']): FusionRules['chains'] {
  return chains.flatMap(({ name, steps }) => {
    const [first, second] = steps;
    const hasNorm = chains.some(({ steps: [op, norm] }) => op?.ops[0] === first?.ops[0] && norm?.ops[0] === 'batchNorm');
    if (!hasNorm || second === undefined || second.ops[0] === 'batchNorm' || first === undefined) return [{ name, steps }];
    return [{ name, steps: [first, { ops: ['batchNorm'], optional: true as const }, second] }];
  });
}
