/** An option of a benchmark, given as `--name value`. */
export interface BenchOption {
  readonly help: string;
  /** Default: empty. */
  readonly default?: string;
}

/** What a benchmark found: everything that a later run may be compared with. */
export type Figures = Readonly<Record<string, unknown>>;

/** A benchmark: one question about this program or this machine, answered by a table and figures. */
export interface Bench {
  readonly question: string;
  readonly options: Readonly<Record<string, BenchOption>>;
  /** What the arguments without a name are; none by default. */
  readonly files?: string;
  /** Measure, print a table on stdout and progress on stderr, and return the figures. */
  run(args: Readonly<Record<string, string>>, files: readonly string[]): Promise<Figures>;
}

/** A {@link Bench} whose `run` knows the names of its options. */
export function defineBench<Name extends string>(bench: {
  readonly question: string;
  readonly options: Readonly<Record<Name, BenchOption>>;
  readonly files?: string;
  run(args: Readonly<Record<Name, string>>, files: readonly string[]): Promise<Figures>;
}): Bench {
  return bench as Bench;
}

/** Items of a comma-separated list. */
export function listOf(text: string): readonly string[] {
  return text.split(',').filter((item) => item !== '');
}
