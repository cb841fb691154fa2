// A `benchmark_model` of tests: it takes the flags of TensorFlow Lite's, really times a .tflite file, and prints what that prints. Its profile of
// operators has real operators and an equal share of a run for each.
import { readFileSync, writeFileSync } from 'node:fs';
import startRuntime from '@nnm/backend-tflite/runtime';
import { readModel } from '@nnm/model';

interface Options {
  readonly graph: string;
  readonly threads: number;
  readonly xnnpack: boolean;
  readonly warmupRuns: number;
  readonly warmupSecs: number;
  readonly runs: number;
  readonly secs: number;
  /** File for the profile of operators. */
  readonly profile: string | undefined;
}

function readOptions(words: readonly string[]): Options {
  const given = new Map(words.map((word) => word.replace(/^--/, '').split('=', 2) as [string, string]));
  const number = (name: string, fallback: number): number => Number(given.get(name) ?? fallback);
  return {
    graph: given.get('graph') ?? '',
    threads: number('num_threads', 1),
    xnnpack: given.get('use_xnnpack') !== 'false',
    warmupRuns: number('warmup_runs', 1),
    warmupSecs: number('warmup_min_secs', 0.5),
    runs: number('num_runs', 50),
    secs: number('min_secs', 1),
    profile: given.get('enable_op_profiling') === 'true' ? given.get('profiling_output_csv_file') : undefined,
  };
}

/** Run as often and as long as is asked for, reading a clock of whole microseconds before and after each run. */
function series(run: () => void, runs: number, secs: number): readonly number[] {
  const micros = (): number => Math.floor(performance.now() * 1000);
  const times: number[] = [];
  const end = micros() + secs * 1e6;
  while (times.length < runs || micros() < end) {
    const start = micros();
    run();
    times.push(micros() - start);
  }
  return times;
}

/** As `tsl::Stat` writes it: six digits of a mean. */
function describe(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  const std = Math.sqrt(times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / times.length);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  const [min, max] = [sorted[0]!, sorted.at(-1)!];
  if (times.length === 1) return `count=1 curr=${min}`;
  if (min === max) return `count=${times.length} curr=${min}(all same)`;
  return `count=${times.length} first=${times[0]} curr=${times.at(-1)} min=${min} max=${max} avg=${Number(mean.toPrecision(6))} std=${Math.round(std)} p5=${at(0.05)} median=${at(0.5)} p95=${at(0.95)}`;
}

/** As TensorFlow Lite's `ProfileSummaryCSVFormatter` writes it. */
async function describeOperators(graph: string, runMs: number): Promise<string> {
  const { nodes } = await readModel(graph);
  const share = 1 / nodes.length;
  const rows = nodes.map(({ operator, outputs }, index) =>
    [
      operator,
      runMs * share,
      runMs * share,
      `${100 * share}%`,
      `${100 * share * (index + 1)}%`,
      0,
      1,
      `[${outputs.join(', ')}]:${index}`,
    ].join(', '),
  );
  return [
    'Operator-wise Profiling Info for Regular Benchmark Runs:',
    `${'='.repeat(30)} Run Order ${'='.repeat(30)}`,
    'node type, first, avg_ms, %, cdf%, mem KB, times called, name',
    ...rows,
    '',
  ].join('\n');
}

const options = readOptions(process.argv.slice(2));
console.log('INFO: STARTING!');
console.log(`INFO: Graph: [${options.graph}]`);
try {
  const file = readFileSync(options.graph);
  const delegate = options.xnnpack ? 'xnnpack' : 'none';
  const runtime = await startRuntime({ DEVICE: 'host', THREADS: options.threads, DELEGATE: delegate });
  const model = await runtime.load(file);
  if (options.xnnpack) console.log('INFO: XNNPACK delegate created.');
  const run = (): void => void model.run();
  console.log(`INFO: ${describe(series(run, options.warmupRuns, options.warmupSecs))}\n`);
  const times = series(run, options.runs, options.secs);
  console.log(`INFO: ${describe(times)}\n`);
  if (options.profile !== undefined) {
    const meanUs = times.reduce((sum, time) => sum + time, 0) / times.length;
    writeFileSync(options.profile, await describeOperators(options.graph, meanUs / 1000));
  }
} catch (error) {
  console.log(`ERROR: ${(error as Error).message}`);
  console.log('ERROR: Benchmarking failed.');
  process.exitCode = 1;
}
