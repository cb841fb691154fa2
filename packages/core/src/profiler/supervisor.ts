import type { AnyBackend, RuntimeInfo, Tensor } from '../backend/index.ts';
import { type ChildHost, startChildHost } from './child-host.ts';
import { type CpuTimes, pinProcess, readCpuTimes } from './cpu-pinning.ts';
import { WorkerDeathError } from './errors.ts';
import { ModelCache } from './model-cache.ts';
import type { ProfilePolicy } from './policy.ts';
import { type HostVisitResult, type RuntimeHost, startLocalHost } from './runtime-host.ts';
import type { Isolation, Visit } from './types.ts';
import type { VisitPlan } from './visit.ts';

/** A child that shares its CPU is moved at most this often. */
const REPIN_MS = 1000;

/** Keeps one runtime host alive: starts it, pins it, starts another after it died or grew too large. */
export class HostSupervisor {
  private host: RuntimeHost | undefined;
  private child: ChildHost | undefined;
  private startCount = 0;
  private pinnedAtMs = 0;
  private cpuTimes: CpuTimes = new Map();
  private runtimeInfo: RuntimeInfo | undefined;
  private readonly models: ModelCache;
  private kept: Isolation = { kind: 'none' };

  constructor(
    private readonly backend: AnyBackend,
    private readonly settings: unknown,
    private readonly reference: Uint8Array | undefined,
    private readonly policy: ProfilePolicy,
  ) {
    this.models = new ModelCache(policy.modelCacheBytes);
  }

  /** Start the runtime if it is not running. @throws what the runtime's factory threw, {@link WorkerDeathError} */
  async start(): Promise<void> {
    if (this.host !== undefined) return;
    const { runtime } = this.backend;
    const before = readCpuTimes();
    if (runtime instanceof URL) {
      this.child = await startChildHost(runtime, this.settings, this.reference, this.policy.kernelTimeoutMs);
      this.host = this.child;
      await this.pin(before);
    } else {
      this.host = await startLocalHost(runtime, this.settings, this.reference);
    }
    this.startCount++;
    this.runtimeInfo = this.host.info;
  }

  /** What the runtime says of itself; the supervisor must have been started. */
  get info(): RuntimeInfo {
    return this.runtimeInfo!;
  }

  get isolation(): Isolation {
    return this.kept;
  }

  /** Starts after the first. */
  get restarts(): number {
    return Math.max(0, this.startCount - 1);
  }

  /** @param make - lowers the model; called unless the host still has it from an earlier visit */
  async visit(
    id: string,
    make: () => Uint8Array | Promise<Uint8Array>,
    plan: VisitPlan,
  ): Promise<HostVisitResult & { readonly convertMs: number }> {
    await this.start();
    const start = performance.now();
    const delivery = await this.models.deliver(id, make);
    const convertMs = performance.now() - start;
    const result = await this.use((host) => host.visit(delivery, plan));
    const grown = this.child !== undefined && result.rssBytes > this.child.startRssBytes + this.policy.workerGrowthBytes;
    if (grown) await this.close();
    else if (lostItsCpu(result.visit) && performance.now() - this.pinnedAtMs > REPIN_MS) await this.pin(this.cpuTimes);
    return { ...result, convertMs };
  }

  probe(durationMs: number): Promise<readonly number[]> {
    return this.use((host) => host.probe(durationMs, this.policy));
  }

  execute(model: Uint8Array, inputs: readonly Tensor[]): Promise<readonly Tensor[]> {
    return this.use((host) => host.execute(model, inputs));
  }

  /** A kernel needs no further visit. */
  forget(id: string): void {
    this.models.drop(id);
  }

  /** End a child at once; the request in flight is rejected. */
  kill(): void {
    this.child?.kill();
  }

  async close(): Promise<void> {
    const { host } = this;
    this.host = undefined;
    this.child = undefined;
    this.models.clear();
    await host?.close();
  }

  private async pin(since: CpuTimes): Promise<void> {
    if (this.child === undefined) return;
    this.kept = { kind: 'process', ...(await pinProcess(this.child.pid, this.child.info.threads, since)) };
    this.pinnedAtMs = performance.now();
    this.cpuTimes = readCpuTimes();
  }

  private async use<T>(work: (host: RuntimeHost) => Promise<T>): Promise<T> {
    await this.start();
    try {
      return await work(this.host!);
    } catch (error) {
      if (error instanceof WorkerDeathError) await this.close();
      throw error;
    }
  }
}

/** Another process had the CPU during most slices of the visit. */
function lostItsCpu(visit: Visit): boolean {
  return visit.slices.length > 0 && visit.slices.filter((slice) => slice.cpuShare < 0.9).length * 2 > visit.slices.length;
}
