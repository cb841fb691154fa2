import { type BenchmarkModelCall, NnmError, type ProfiledPart } from '@nnm/core';
import type { WorkerAnswers, WorkerRequest } from '@nnm/profiler/browser-host';
import { programsOf, quote, saidValues, scriptOf } from '../phone/shell.ts';
import { THERMAL } from '../phone/thermal.ts';
import type { AdbPlace } from './adb-place.ts';
import type { BenchmarkReport } from './benchmark-output.ts';
import { callOf, reportOf, type Schedule } from './benchmark-tool.ts';
import { readOperatorProfile } from './operator-profile.ts';
import { type TypicalRun, typicalRun } from './typical-run.ts';

type VisitPlan = (WorkerRequest & { type: 'visit' })['plan'];
type Visit = WorkerAnswers['visit']['visit'];

/** A program that has just been started finds caches cold and clocks low: it warms up for at least this long, milliseconds. */
const WARMUP_MS = 50;
/** Starting the program takes as long as hundreds of runs: a slice and a probe last at least this long. */
const SLICE_MS = 50;
const PROBE_MS = 20;
/** Runs of a slice at least. */
const MIN_RUNS = 4;
/** Slices of a visit: more would cost time that another visit tells more for. */
const SLICES = 2;
/** A slice's clock is worth mentioning when its step is more than this share of a run. */
const NOTABLE_STEP = 0.01;
/** Between two looks at a loud phone, milliseconds. */
const PAUSE_MS = 50;

const PROBING: Schedule = { warmupMs: WARMUP_MS, timedMs: PROBE_MS, runs: MIN_RUNS };

/** Operators of one inference that it can hold; versions have room for 1024 by themselves, and leave the rest out. */
const PROFILED_OPERATORS = 32_768;

/** A call of the program: what it says, and what one of its timed runs takes. */
interface Timed {
  readonly report: BenchmarkReport;
  readonly run: TypicalRun;
}

/** Measures models and the reference on a phone by calls of `benchmark_model`. */
export class Measuring {
  /** Of the script that is running. */
  output = '';
  /** The program has run the reference. */
  isTriedOut = false;

  /**
   * @param reference - path on the phone
   * @param isGated - false where it is only what the program was tried with
   */
  constructor(
    private readonly place: AdbPlace,
    private readonly how: BenchmarkModelCall,
    private readonly reference: string,
    private readonly isGated: boolean,
  ) {}

  get ownFiles(): readonly string[] {
    return [this.reference];
  }

  /** Run the reference once. */
  async tryOut(): Promise<{ readonly report: BenchmarkReport; readonly runMs: number }> {
    const [{ report, run }] = await this.run([[this.reference, PROBING]]);
    this.isTriedOut = true;
    return { report, runMs: run.typicalMs };
  }

  /** Probes for about `durationMs`; one at least where there is a reference. */
  async probe(durationMs: number): Promise<readonly number[]> {
    if (!this.isGated) return [];
    const probes: number[] = [];
    const start = performance.now();
    do probes.push(await this.probeOnce());
    while (performance.now() - start < durationMs);
    return probes;
  }

  private async probeOnce(): Promise<number> {
    const [{ run }] = await this.run([[this.reference, PROBING]]);
    return round(run.typicalMs);
  }

  /** Wait for a quiet phone, then take slices with a probe after each, all in one script, so that the phone does not idle between them. */
  async visit(model: string, plan: VisitPlan): Promise<Omit<WorkerAnswers['visit'], 'rssBytes'>> {
    const start = performance.now();
    const { firstProbeMs, waitProbes, waitedMs } = await this.quietProbe(plan);
    const schedule: Schedule = {
      warmupMs: Math.max(plan.warmupMs, WARMUP_MS),
      timedMs: Math.max(plan.sliceMs, SLICE_MS),
      runs: MIN_RUNS,
    };
    const slice: readonly (readonly [string, Schedule])[] = [
      [model, schedule],
      ...(this.isGated ? [[this.reference, PROBING] as const] : []),
    ];
    const timed = await this.run(Array.from({ length: SLICES }, () => slice).flat(), THERMAL);
    const slices = Array.from({ length: SLICES }, (_, index) => {
      const at = index * slice.length;
      const { runs, minMs, meanMs, typicalMs, stepMs } = timed[at]!.run;
      return {
        runs,
        minMs: round(minMs),
        medianMs: round(typicalMs),
        meanMs: round(meanMs),
        probeMs: this.isGated ? round(timed[at + 1]!.run.typicalMs) : Number.NaN,
        cpuShare: Number.NaN,
        ...(stepMs > NOTABLE_STEP * typicalMs && { stepMs: round(stepMs) }),
      };
    });
    const ofModel = timed.filter((_, index) => index % slice.length === 0).map(({ report }) => report);
    const warmupMs = sum(ofModel.map(({ warmup }) => warmup.runs * warmup.meanUs)) / 1000;
    const timedMs = sum(ofModel.map(({ timed: series }) => series.runs * series.meanUs)) / 1000;
    const probeMs = sum(
      timed.filter((_, index) => index % slice.length === 1).map(({ report }) => (report.timed.runs * report.timed.meanUs) / 1000),
    );
    return {
      visit: { firstProbeMs, slices: slices as unknown as Visit['slices'] },
      warmupMs,
      timedMs,
      probeMs,
      waitedMs,
      waitProbes,
      warmupRuns: sum(ofModel.map(({ warmup }) => warmup.runs)),
      loadMs: Math.max(0, performance.now() - start - waitedMs - warmupMs - timedMs - probeMs),
    };
  }

  /**
   * What each operator of a model takes, by the program's own profile: as CSV, which has more digits than what it prints. Flags that a
   * version does not know are passed over.
   */
  async profile(model: string, runs: number): Promise<readonly ProfiledPart[]> {
    const file = `${model}.csv`;
    const flags = [
      '--enable_op_profiling=true',
      `--max_profiling_buffer_entries=${PROFILED_OPERATORS}`,
      `--profiling_output_csv_file=${file}`,
      '--op_profiling_output_mode=csv',
      `--op_profiling_output_file=${file}`,
    ];
    const schedule: Schedule = { warmupMs: WARMUP_MS, timedMs: SLICE_MS, runs };
    const { output } = await this.call([[model, schedule]], [`cat ${quote(file)} 2>/dev/null; rm -f ${quote(file)}; echo`], flags);
    const parts = readOperatorProfile(output);
    if (parts !== undefined) return parts;
    throw new NnmError({
      code: 'ERR_NO_PROFILE',
      message: 'This benchmark_model gives no profile of operators: it is from before 2019, or built without.',
      hint: 'Set BENCHMARK_MODEL_FILE in configs/backend_config.yaml to a newer one.',
    });
  }

  /** The probe before the first slice: the first quiet one within the visit's patience. */
  private async quietProbe({ quietMs, patienceMs }: VisitPlan) {
    const waitProbes: number[] = [];
    if (!this.isGated) return { firstProbeMs: Number.NaN, waitProbes, waitedMs: 0 };
    let firstProbeMs = await this.probeOnce();
    const start = performance.now();
    while (firstProbeMs > quietMs && performance.now() - start < patienceMs) {
      waitProbes.push(firstProbeMs);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      firstProbeMs = await this.probeOnce();
    }
    return { firstProbeMs, waitProbes, waitedMs: waitProbes.length === 0 ? 0 : performance.now() - start };
  }

  /** Time each of these models, one after the other. @throws what {@link reportOf} throws of the first that fails */
  private async run(calls: readonly (readonly [string, Schedule])[], then: readonly string[] = []): Promise<readonly [Timed, ...Timed[]]> {
    const { reports } = await this.call(calls, then);
    return reports.map((report) => ({ report, run: assertLasting(typicalRun(report.timed)) })) as unknown as readonly [Timed, ...Timed[]];
  }

  /** Call the program for each of these models, one after the other. @throws what {@link reportOf} throws of the first that fails */
  private async call(
    calls: readonly (readonly [string, Schedule])[],
    then: readonly string[],
    flags: readonly string[] = [],
  ): Promise<{ readonly output: string; readonly reports: readonly BenchmarkReport[] }> {
    const { phone, tool, settings, onThermal } = this.place;
    const words = calls.map(([graph, schedule]) => callOf(tool, graph, [...this.how.flags, ...flags], schedule, settings));
    try {
      const output = await phone.measure(scriptOf(words, then), (text) => {
        this.output = text;
      });
      onThermal(saidValues(output));
      const reports = programsOf(output).map((program) => reportOf(program));
      if (reports.length < calls.length) throw new Error(`benchmark_model ran ${reports.length} times, not ${calls.length}.`);
      return { output, reports };
    } finally {
      this.output = '';
    }
  }
}

/** Runs of which hardly any takes a microsecond give no latency. */
function assertLasting(run: TypicalRun): TypicalRun {
  if (run.typicalMs > 0 && run.meanMs > 0) return run;
  throw new NnmError({
    code: 'ERR_RUNTIME_FAILURE',
    message: 'The model takes less than benchmark_model can tell: its runs take 0 microseconds.',
    hint: 'A build records the kernel as failed and goes on.',
  });
}

/** Six significant digits, as everywhere in the journal. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
