import type { Ceiling, Metrics } from '@nnm/predictor';
import type { FailureGroup } from '@nnm/profiler';

/** First key of every report document: tells it from other JSON. */
export const REPORT_FORMAT = 'nnm-report';

/** The version of the report document that this version writes and shows. */
export const REPORT_SCHEMA_VERSION = 1;

/**
 * Everything a report shows, as one JSON document: what a page, a Markdown summary and an overlay are made from.
 *
 * Latencies are milliseconds of one inference; shares, relative errors and relative spreads are numbers (0.1 = 10 %). Sections that are
 * absent are left out of the page.
 */
export interface ReportDocument {
  readonly format: typeof REPORT_FORMAT;
  readonly schemaVersion: number;
  /** Version of nnm that made it. */
  readonly nnmVersion: string;
  readonly title: string;
  /** When it was made, ISO 8601. */
  readonly madeAt?: string;
  /** What the measurements were made on and with. */
  readonly facts: readonly Fact[];
  readonly kernels: readonly KernelReport[];
  readonly environments: readonly EnvironmentReport[];
  readonly model?: ModelReport;
  readonly comparison?: ComparisonReport;
  /** What is worth knowing and stands nowhere else. */
  readonly problems: readonly string[];
}

/** A name and its value, as text. */
export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** Conditions that kernels were measured under. */
export interface EnvironmentReport {
  readonly kernels: readonly string[];
  readonly facts: readonly Fact[];
}

/** One kernel of a workspace. */
export interface KernelReport {
  readonly kernel: string;
  readonly family: string;
  readonly description?: string;
  /** Names of `values` in every row: the keys of the configuration, then the features that are computed from them. */
  readonly columns: readonly string[];
  /** How many of the columns are keys. */
  readonly keys: number;
  readonly rows: readonly RowReport[];
  /** Grades after each round, the first one first. */
  readonly rounds: readonly RoundReport[];
  /** What the labels' own scatter allows at most. */
  readonly ceiling?: Ceiling;
  readonly landscape: readonly SliceReport[];
  readonly noise?: NoiseReport;
  readonly failures: readonly FailureGroup[];
  readonly problems: readonly string[];
}

/** One measured configuration. */
export interface RowReport {
  readonly id: string;
  /** The round that it was chosen in: `prior`, `finegrained1`, `holdout`, … */
  readonly mark: string;
  /** In the order of the kernel's columns. */
  readonly values: readonly number[];
  readonly measuredMs: number;
  /** Standard deviation expected of `measuredMs` if it were measured again, relative to it. */
  readonly scatter?: number;
  readonly flags: readonly string[];
  readonly predictedMs?: number;
  /** The predictor that `predictedMs` is from has learned from this row: such a prediction grades nothing. */
  readonly seen?: boolean;
}

/** The grades of one round. */
export interface RoundReport {
  readonly mark: string;
  /** Rows that the round's predictor was trained and validated on. */
  readonly rows: number;
  readonly validation: Metrics;
  readonly holdout?: Metrics;
}

/** Predicted latencies over two keys, the others fixed. */
export interface SliceReport {
  /** Keys that vary together along each axis, such as `CIN = COUT`; without `y` there is one axis. */
  readonly x: AxisReport;
  readonly y?: AxisReport;
  /** Values of the other keys. */
  readonly fixed: Readonly<Record<string, number>>;
  /** Row by row, `x` running fastest; null where the kernel refuses the configuration. */
  readonly latencyMs: readonly (number | null)[];
}

/** One axis of a slice. */
export interface AxisReport {
  readonly keys: readonly string[];
  readonly values: readonly number[];
}

/** How quiet the machine was during the visits to a kernel, in their order. */
export interface NoiseReport {
  readonly visits: readonly NoiseVisit[];
  /** Where a session began: the number of its first visit, and when. */
  readonly sessions: readonly { readonly visit: number; readonly at: string }[];
  /** Visits that there were; more than are listed when they were thinned out. */
  readonly made: number;
}

/** One visit. */
export interface NoiseVisit {
  readonly visit: number;
  readonly id: string;
  /** Speed of the reference around the runs, relative to the quiet level: 1 is quiet, 2 half speed. */
  readonly slowdown: number;
  /** Why the record of the configuration is less certain than asked for. */
  readonly flags: readonly string[];
}

/** Where the price of a model's part comes from. `gap`: nothing is known of it. */
export type PriceSource = 'predicted' | 'measured' | 'estimated' | 'gap';

/** A whole network and what its parts cost. */
export interface ModelReport {
  readonly name: string;
  readonly totalMs: number;
  /** The range that holds the measured latency with the probability `coverage`. */
  readonly lowMs?: number;
  readonly highMs?: number;
  readonly coverage?: number;
  readonly measuredMs?: number;
  /** What its parts take together when each runs alone: what shares are shares of. Absent where that is `totalMs`. */
  readonly sumMs?: number;
  /** Parts have no price, so that it takes longer than `totalMs`. */
  readonly isLowerBound?: boolean;
  /** What to know of the numbers, as sentences. */
  readonly notes?: readonly string[];
  /** In the order in which they run. */
  readonly rows: readonly ModelRow[];
}

/** One part of a model: a kernel that was found in it, or what no kernel covers. */
export interface ModelRow {
  /** Unique in the model. */
  readonly name: string;
  /** Type of the kernel, or the runtime's name of an operator that none covers. */
  readonly kernel: string;
  /** Null for a gap without a price. */
  readonly latencyMs: number | null;
  readonly lowMs?: number;
  readonly highMs?: number;
  /** Of what all parts take together, 0 to 1. */
  readonly share: number;
  readonly source: PriceSource;
  readonly flags: readonly string[];
  /** Ids of its nodes in viewers of the model, for overlays. Default: `name`. */
  readonly nodes?: readonly string[];
  readonly config?: Readonly<Record<string, number>>;
}

/** How two sources of latencies compare. */
export interface ComparisonReport {
  readonly before: string;
  readonly after: string;
  /** Relative change that counts, such as 0.05. */
  readonly threshold: number;
  readonly kernels: readonly KernelVerdict[];
  /** Conditions that are not the same, as phrases. */
  readonly differences: readonly string[];
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
}

/** What a comparison can say. `ambiguous`: the interval allows for more than one of the others. */
export type Verdict = 'faster' | 'slower' | 'same' | 'ambiguous';

/** A kernel's verdict, by the ratio of the latencies after and before. */
export interface KernelVerdict {
  readonly kernel: string;
  readonly verdict: Verdict;
  /** Median ratio after / before, and its interval; absent when nothing could be compared. */
  readonly ratio?: number;
  readonly low?: number;
  readonly high?: number;
  /** Configurations that count, and those left out because a side flagged them. */
  readonly configs: number;
  readonly flagged: number;
  /** `measured`: both sides measured the configurations; `predicted`: one side's predictor stands in for it. */
  readonly by: 'measured' | 'predicted';
  /** Why it is ambiguous, or what to know. */
  readonly note?: string;
  readonly pairs: readonly ConfigPair[];
}

/** One configuration on both sides. */
export interface ConfigPair {
  readonly config: Readonly<Record<string, number>>;
  readonly beforeMs: number;
  readonly afterMs: number;
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly verdict: Verdict;
}
