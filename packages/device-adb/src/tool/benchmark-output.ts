/** A series of runs as `benchmark_model` sums it up; microseconds of one inference. */
export interface Series {
  readonly runs: number;
  readonly minUs: number;
  readonly meanUs: number;
  /** Of newer versions, and where all runs took the same. */
  readonly medianUs?: number;
}

/** What one call of `benchmark_model` printed of its runs. */
export interface BenchmarkReport {
  readonly warmup: Series;
  readonly timed: Series;
  /** It is of a version that prints medians. */
  readonly printsMedian: boolean;
  /** It says that XNNPACK runs at least a part of the model. */
  readonly xnnpack: boolean;
}

const NUMBER = String.raw`[\d.]+(?:e[+-]?\d+)?`;
/** Not `Timings (microseconds): count=` or `Memory (bytes): count=`, which add up operators. The prefix is the log's: `INFO: `, `I tflite  : `. */
const SERIES = /^(?:INFO: |I tflite\s*: |native : \S+ )?count=(\d+) (.*)$/gm;
const XNNPACK = /\bXNNPACK delegate\b(?! *(?:is|was)? *(?:not|un))/i;

/**
 * Read what `benchmark_model` of any version prints: the line of its warm-up, then that of its timed runs.
 *
 * @param output - both of its outputs
 * @returns undefined when the two lines are not there
 */
export function readBenchmark(output: string): BenchmarkReport | undefined {
  const [warmup, timed] = [...output.matchAll(SERIES)].map(([, count, rest]) => readSeries(Number(count), rest!));
  if (warmup === undefined || timed === undefined) return undefined;
  return { warmup, timed, printsMedian: / median=\d/.test(output), xnnpack: XNNPACK.test(output) };
}

/** Runs that all took the same are `curr=…(all same)`, and one run is `curr=…`. */
function readSeries(runs: number, text: string): Series | undefined {
  const read = (name: string): number | undefined => {
    const found = new RegExp(`(?:^| )${name}=(${NUMBER})`).exec(text)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const same = read('curr');
  const minUs = read('min') ?? same;
  const meanUs = read('avg') ?? same;
  if (!(runs > 0) || minUs === undefined || meanUs === undefined) return undefined;
  const medianUs = read('median') ?? (read('avg') === undefined ? same : undefined);
  return { runs, minUs, meanUs, ...(medianUs !== undefined && { medianUs }) };
}

/** Why it failed, in its own words; `fallback` where it said nothing. */
export function reasonOf(output: string, fallback: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const errors = lines.filter(
    (line) => /^(ERROR|F |E )|error:|fail|cannot|denied|not found|unknown/i.test(line) && !/^(ERROR: )?Benchmarking failed/.test(line),
  );
  return (errors[0] ?? lines.at(-1) ?? fallback)
    .replace(/^ERROR: */, '')
    .replace(/\.$/, '')
    .slice(0, 300);
}
