import { createHash } from 'node:crypto';
import {
  type BenchmarkModelCall,
  type HostDeath,
  type HostListener,
  type HostTransport,
  NnmError,
  RuntimeUnavailableError,
} from '@nnm/core';
import type { WorkerAnswers, WorkerMessage, WorkerReply, WorkerRequest } from '@nnm/profiler/browser-host';
import { PhoneLostError } from './phone/phone.ts';
import type { AdbPlace } from './tool/adb-place.ts';
import { ToolDeathError } from './tool/benchmark-tool.ts';
import { Measuring } from './tool/measuring.ts';
import { trialGraph } from './tool/trial-graph.ts';
import { STEP_MS } from './tool/typical-run.ts';

/** `benchmark_model` on a phone as a measuring host: it answers the engine's requests, one after the other. */
export class AdbHost implements HostTransport {
  private over = false;
  private last: Promise<void> = Promise.resolve();
  private measuring: Measuring | undefined;
  private readonly kept = new Set<string>();
  private settle: () => void = () => undefined;
  readonly ended = new Promise<void>((resolve) => {
    this.settle = resolve;
  });

  constructor(
    private readonly place: AdbPlace,
    private readonly listener: HostListener,
  ) {}

  get hasEnded(): boolean {
    return this.over;
  }

  send(message: object, model?: Uint8Array): void {
    const { request } = message as WorkerMessage;
    this.last = this.last.then(() => (this.over ? undefined : this.answer(request, model)));
  }

  kill(death: HostDeath = { code: 'ERR_KERNEL_KILLED', reason: 'was told to stop' }): void {
    if (this.over) return;
    this.over = true;
    void this.place.phone.end(this.measuring?.output ?? '').then(() => this.finish(death));
  }

  private die(death: HostDeath): void {
    if (this.over) return;
    this.over = true;
    this.finish(death);
  }

  private finish(death: HostDeath): void {
    this.listener.end(death);
    this.settle();
  }

  private async answer(request: WorkerRequest, model: Uint8Array | undefined): Promise<void> {
    try {
      this.reply({ ok: true, value: await this.serve(request, model) });
    } catch (error) {
      const death = deathOf(error) ?? (await this.lossOfFiles());
      if (death !== undefined) this.die(death);
      else this.reply({ ok: false, error: describe(error) });
    }
  }

  /** The end of this host when somebody has deleted what it works with, such as by `nnm device remove`; undefined while all is there. */
  private async lossOfFiles(): Promise<HostDeath | undefined> {
    const { phone, tool } = this.place;
    // What was never tried out is for the user to mend.
    if (this.measuring === undefined || !this.measuring.isTriedOut || this.over) return undefined;
    try {
      if (await phone.has([tool.path, ...this.measuring.ownFiles])) return undefined;
    } catch (error) {
      return deathOf(error);
    }
    phone.forgetFolders();
    return { code: 'ERR_DEVICE_AWAY', reason: 'lost what nnm had put there: somebody deleted it' };
  }

  private reply(reply: WorkerReply): void {
    if (!this.over) this.listener.message(reply);
  }

  private async serve(request: WorkerRequest, model: Uint8Array | undefined): Promise<unknown> {
    switch (request.type) {
      case 'start':
        return this.start(request.settings, model);
      case 'visit':
        return this.visit(request, model);
      case 'probe':
        return this.measuring!.probe(request.durationMs);
      case 'execute':
        throw new NnmError({
          code: 'ERR_NO_OUTPUTS',
          message: 'A phone over adb gives no outputs of a model: benchmark_model measures and hands none on.',
          hint: 'Latencies are measured without them. `--device here` checks the outputs of the same model on this machine.',
        });
      case 'profile':
        return this.profile(model!, request.runs);
      case 'close':
        await this.place.phone.remove([...this.kept, ...(this.measuring?.ownFiles ?? [])]);
        return undefined;
    }
  }

  private async start(settings: unknown, reference: Uint8Array | undefined): Promise<WorkerAnswers['start']> {
    const { backend, tool } = this.place;
    const call = backend.benchmarkModel!(settings);
    const trial = reference ?? (await backend.convert(trialGraph(), backend.implement[0]));
    const path = await this.push(trial);
    const measuring = new Measuring(this.place, call, path, reference !== undefined);
    this.measuring = measuring;
    const { report, runMs } = await measuring.tryOut();
    assertDelegate(backend.id, call, report.xnnpack);
    const hasMedian = report.printsMedian;
    return {
      info: {
        runtime: 'TensorFlow Lite',
        version: `benchmark_model ${tool.sha256.slice(0, 12)}`,
        threads: call.threads,
        options: {
          ...call.options,
          tool: 'benchmark_model',
          statistic: hasMedian ? 'median' : 'mean',
          cpus: this.place.settings.taskset ?? 'any',
        },
        timing: 'benchmark_model times every run by itself, in whole microseconds; adb is in none of them',
      },
      clock: {
        resolutionMs: STEP_MS,
        rate: 1,
        runMs,
        ticksWhenIdle: true,
        notes: hasMedian
          ? []
          : ['This benchmark_model prints no median: latencies are means of runs, which an interruption moves. A newer one prints it.'],
      },
      rssBytes: 0,
    };
  }

  private async visit(
    { delivery, plan }: WorkerRequest & { type: 'visit' },
    model: Uint8Array | undefined,
  ): Promise<WorkerAnswers['visit']> {
    const { phone } = this.place;
    const start = performance.now();
    const forgotten = delivery.forget.map((id) => this.fileOf(id)).filter((path) => this.kept.delete(path));
    await phone.remove(forgotten);
    const path = this.fileOf(delivery.id);
    if (model !== undefined) await this.push(model, path);
    else if (!this.kept.has(path)) throw new Error(`The model of ${delivery.id} was neither sent nor kept.`);
    const loadMs = performance.now() - start;
    try {
      const result = await this.measuring!.visit(path, plan);
      return { ...result, loadMs: loadMs + result.loadMs, rssBytes: 0 };
    } finally {
      if (delivery.keep) this.kept.add(path);
      else if (!this.kept.has(path) && !this.over) await phone.remove([path]).catch(ignoreLoss);
    }
  }

  private async profile(model: Uint8Array, runs: number): Promise<WorkerAnswers['profile']> {
    const path = await this.push(model);
    try {
      return await this.measuring!.profile(path, runs);
    } finally {
      const isReference = this.measuring!.ownFiles.includes(path);
      if (!this.over && !isReference) await this.place.phone.remove([path]).catch(ignoreLoss);
    }
  }

  /** Where the model of an id lies on the phone. */
  private fileOf(id: string): string {
    return this.place.phone.modelPath(`${hashOf(id)}${this.place.backend.modelExtension}`);
  }

  private async push(
    model: Uint8Array,
    path = this.place.phone.modelPath(`${hashOf(model)}${this.place.backend.modelExtension}`),
  ): Promise<string> {
    await this.place.phone.pushBytes(model, path);
    return path;
  }
}

function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 24);
}

/** What was lost with the phone is told by what is asked of it next. */
function ignoreLoss(error: unknown): void {
  if (!(error instanceof PhoneLostError)) throw error;
}

/** The end of a host that an error means; undefined for one that is an answer. */
function deathOf(error: unknown): HostDeath | undefined {
  if (error instanceof ToolDeathError) {
    return error.signal === 'SIGKILL'
      ? { code: 'ERR_KERNEL_OUT_OF_MEMORY', reason: 'ended benchmark_model by SIGKILL, as Android does when memory runs out,' }
      : { code: 'ERR_KERNEL_CRASHED', reason: `ended benchmark_model by ${error.signal}` };
  }
  if (!(error instanceof PhoneLostError)) return undefined;
  return error.away
    ? { code: 'ERR_DEVICE_AWAY', reason: `was unplugged or lost its connection (${error.said})` }
    : { code: 'ERR_KERNEL_CRASHED', reason: `ended the shell of benchmark_model (${error.said})` };
}

function describe(error: unknown): Extract<WorkerReply, { ok: false }>['error'] {
  if (NnmError.isInstance(error))
    return { code: error.code, message: error.message, ...(error.hint !== undefined && { hint: error.hint }) };
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { code: 'ERR_RUNTIME_FAILURE', message, ...(stack !== undefined && { stack }) };
}

/** A version that does not know the flag says nothing of it, and measures with its own kernels. */
function assertDelegate(backend: string, { xnnpack }: BenchmarkModelCall, isUsed: boolean): void {
  if (xnnpack === isUsed) return;
  throw new RuntimeUnavailableError({
    backend,
    reason: xnnpack
      ? 'DELEGATE is xnnpack, and this benchmark_model does not say that it uses XNNPACK: it is too old, or built without it'
      : 'DELEGATE is none, and this benchmark_model uses XNNPACK all the same',
    hint: xnnpack
      ? 'Use a newer benchmark_model, or set DELEGATE to none in configs/backend_config.yaml.'
      : 'Use another benchmark_model, or set DELEGATE to xnnpack in configs/backend_config.yaml.',
  });
}
