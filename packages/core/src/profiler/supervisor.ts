import type { AnyBackend, RuntimeInfo, Tensor } from '../backend/index.ts';
import { type ChildHost, startChildHost } from './child-host.ts';
import { pinProcess } from './cpu-pinning.ts';
import { WorkerDeathError } from './errors.ts';
import type { ProfilePolicy } from './policy.ts';
import { type HostVisitResult, type RuntimeHost, startLocalHost } from './runtime-host.ts';
import type { Isolation } from './types.ts';
import type { VisitPlan } from './visit.ts';

/** Keeps one runtime host alive: starts it, pins it, starts another after it died or grew too large. */
export class HostSupervisor {
  private host: RuntimeHost | undefined;
  private child: ChildHost | undefined;
  private startCount = 0;
  private runtimeInfo: RuntimeInfo | undefined;
  private kept: Isolation = { kind: 'none' };

  constructor(
    private readonly backend: AnyBackend,
    private readonly settings: unknown,
    private readonly reference: Uint8Array | undefined,
    private readonly policy: ProfilePolicy,
  ) {}

  /** Start the runtime if it is not running. @throws what the runtime's factory threw, {@link WorkerDeathError} */
  async start(): Promise<void> {
    if (this.host !== undefined) return;
    const { runtime } = this.backend;
    if (runtime instanceof URL) {
      this.child = await startChildHost(runtime, this.settings, this.reference, this.policy.kernelTimeoutMs);
      this.host = this.child;
      this.kept = { kind: 'process', ...(await pinProcess(this.child.pid, this.child.info.threads)) };
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

  async visit(model: Uint8Array, plan: VisitPlan): Promise<HostVisitResult> {
    const result = await this.use((host) => host.visit(model, plan));
    const grown = this.child !== undefined && result.rssBytes > this.child.startRssBytes + this.policy.workerGrowthBytes;
    if (grown) await this.close();
    return result;
  }

  probe(durationMs: number): Promise<readonly number[]> {
    return this.use((host) => host.probe(durationMs, this.policy));
  }

  execute(model: Uint8Array, inputs: readonly Tensor[]): Promise<readonly Tensor[]> {
    return this.use((host) => host.execute(model, inputs));
  }

  /** End a child at once; the request in flight is rejected. */
  kill(): void {
    this.child?.kill();
  }

  async close(): Promise<void> {
    const { host } = this;
    this.host = undefined;
    this.child = undefined;
    await host?.close();
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
