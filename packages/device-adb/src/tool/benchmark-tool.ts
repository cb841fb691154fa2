import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { DeviceUnavailableError, NnmError } from '@nnm/core';
import { assertRunsOn } from '../phone/architecture.ts';
import type { Phone } from '../phone/phone.ts';
import { type ProgramRun, quote, saidValues, say, scriptOf, signalOf } from '../phone/shell.ts';
import type { AdbSettings } from '../settings.ts';
import { type BenchmarkReport, readBenchmark, reasonOf } from './benchmark-output.ts';

/** The program was ended by a signal: it crashed, or the phone ended it. */
export class ToolDeathError extends Error {
  constructor(readonly signal: string) {
    super(signal);
  }
}

/** How long one call warms up and times, milliseconds, and how many runs it times at least. */
export interface Schedule {
  readonly warmupMs: number;
  readonly timedMs: number;
  readonly runs: number;
}

/** `benchmark_model` on a phone. */
export interface BenchmarkTool {
  readonly path: string;
  readonly sha256: string;
}

const HINT =
  "BENCHMARK_MODEL_FILE in configs/backend_config.yaml names TensorFlow Lite's benchmark_model on this machine, and BENCHMARK_MODEL_PATH one on the phone.";

/**
 * Bring the program to the phone, or find it there.
 *
 * @param abis - that the phone runs
 * @throws {@link DeviceUnavailableError} when it is not there or arrives changed
 */
export async function bringTool(phone: Phone, { tool }: AdbSettings, abis: readonly string[]): Promise<BenchmarkTool> {
  if ('onPhone' in tool) return { path: tool.onPhone, sha256: await look(phone, tool.onPhone) };
  await assertRunsOn(tool.here, abis);
  const sha256 = await hashFile(tool.here);
  const path = phone.programPath('benchmark_model');
  // A host that is started again finds it there.
  if (hashIn(await phone.script(scriptOf([], [sayHash(path)]))) !== sha256) {
    await phone.pushFile(tool.here, path);
    await phone.script(scriptOf([], [`chmod 700 ${quote(path)}`]));
  }
  if ((await look(phone, path)) === sha256) return { path, sha256 };
  throw unavailable(
    `${tool.here} arrived changed on the phone ${phone.serial}`,
    'Try another cable or port, and run the same command again.',
  );
}

const sayHash = (path: string): string => say('sha256', `sha256sum ${quote(path)} 2>&1`);
const hashIn = (output: string): string | undefined => /^[0-9a-f]{64}/.exec(saidValues(output).sha256 ?? '')?.[0];

/** The hash of a program on the phone, which the shell may run. @throws {@link DeviceUnavailableError} */
async function look(phone: Phone, path: string): Promise<string> {
  const output = await phone.script(scriptOf([], [sayHash(path), say('exec', `test -x ${quote(path)} && echo yes`)]));
  const hash = hashIn(output);
  const { sha256: said = 'sha256sum says nothing', exec } = saidValues(output);
  const place = `${path} on the phone ${phone.serial}`;
  if (hash === undefined) {
    throw unavailable(/no such file/i.test(said) ? `there is no ${place}` : `${place} cannot be read: ${said.slice(0, 200)}`, HINT);
  }
  if (exec === undefined) throw unavailable(`${place} may not be run`, `Run \`adb shell chmod +x ${path}\`.`);
  return hash;
}

function unavailable(reason: string, hint: string): DeviceUnavailableError {
  return new DeviceUnavailableError({ device: 'adb', reason, hint });
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/**
 * The words of one call. `--run_delay` stays at its default, which is none; `--max_secs`, which old versions do not know, ends what the
 * engine has long given up.
 *
 * @param flags - the backend's
 */
export function callOf(
  tool: BenchmarkTool,
  graph: string,
  flags: readonly string[],
  schedule: Schedule,
  { taskset }: AdbSettings,
): readonly string[] {
  const seconds = (ms: number): string => String(Number((ms / 1000).toFixed(6)));
  return [
    ...(taskset === undefined ? [] : ['taskset', taskset]),
    tool.path,
    `--graph=${graph}`,
    ...flags,
    '--warmup_runs=1',
    `--warmup_min_secs=${seconds(schedule.warmupMs)}`,
    `--num_runs=${schedule.runs}`,
    `--min_secs=${seconds(schedule.timedMs)}`,
    '--max_secs=100',
  ];
}

/**
 * What a call says.
 *
 * @throws {@link ToolDeathError} for a program that a signal ended; an error of the model for one that refused it
 */
export function reportOf({ output, status }: ProgramRun): BenchmarkReport {
  if (status === undefined) throw new ToolDeathError('SIGHUP');
  const signal = signalOf(status);
  if (signal !== undefined) throw new ToolDeathError(signal);
  if (status === 126 || status === 127 || /CANNOT LINK EXECUTABLE/.test(output)) {
    throw unavailable(`the phone cannot run benchmark_model: ${reasonOf(output, `exit status ${status}`)}`, HINT);
  }
  const report = status === 0 ? readBenchmark(output) : undefined;
  if (report !== undefined) return report;
  throw new NnmError({
    code: 'ERR_RUNTIME_FAILURE',
    message:
      status === 0
        ? `benchmark_model printed no timings that nnm can read: ${reasonOf(output, 'it printed nothing')}.`
        : `benchmark_model failed with exit status ${status}: ${reasonOf(output, 'it said nothing')}.`,
    hint: 'A build records the kernel as failed and goes on.',
  });
}
