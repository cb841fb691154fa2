import {
  type AnyBackend,
  type Device,
  type DeviceFacts,
  type DeviceHost,
  deviceOf,
  NnmError,
  type ProfiledPart,
  type RuntimeFactory,
  type RuntimeInfo,
  type Tensor,
} from '@nnm/core';
import { RuntimeDeathError, WorkerDeathError } from '../errors.ts';
import type { VisitPlan } from '../measure/visit.ts';
import type { ProfilePolicy } from '../policy.ts';
import { SYSTEM_TIMERS, type Timers } from '../timers.ts';
import type { Isolation, Visit } from '../types.ts';
import { startChildHost } from './child-host.ts';
import { CpuPinner } from './cpu-pinning.ts';
import { startDeviceHost } from './device-host.ts';
import { startLimitedHost } from './limited-host.ts';
import { ModelCache } from './model-cache.ts';
import type { RemoteHost } from './remote-host.ts';
import type { HostVisitResult, RuntimeHost } from './runtime-host.ts';

/** A child that shares its CPU is moved at most this often. */
const REPIN_MS = 1000;

/** Deaths in a row while a child starts, the first one of a session and later ones, that end the session. */
const MAX_FIRST_DEATHS = 2;
const MAX_DEATHS = 5;

/** Keeps one runtime host alive: starts it, pins it, starts another after it died or grew too large. */
export class HostSupervisor {
  private host: RuntimeHost | undefined;
  private child: RemoteHost | undefined;
  /** The device's side of the host. */
  private place: DeviceHost | undefined;
  private readonly device: Device | undefined;
  private startCount = 0;
  private pinnedAtMs = 0;
  private pinner: CpuPinner | undefined;
  private runtimeInfo: RuntimeInfo | undefined;
  private starting: Promise<void> | undefined;
  private closing: Promise<void> | undefined;
  private killChild: (() => void) | undefined;
  private killed = false;
  private readonly models: ModelCache;
  private kept: Isolation = { kind: 'none' };

  constructor(
    private readonly backend: AnyBackend,
    private readonly settings: unknown,
    private readonly reference: Uint8Array | undefined,
    private readonly policy: ProfilePolicy,
    private readonly timers: Timers = SYSTEM_TIMERS,
  ) {
    this.models = new ModelCache(policy.modelCacheBytes);
    this.device = deviceOf(backend);
  }

  /** Start the runtime if it is not running. @throws what the runtime's factory threw, {@link WorkerDeathError} */
  async start(): Promise<void> {
    if (this.host !== undefined) return;
    this.starting ??= this.startHost().finally(() => {
      this.starting = undefined;
    });
    await this.starting;
  }

  /** Visits to ask for at once: a child finds the next one waiting when it is done with one; a runtime in this process does one at a time. */
  get visitsAtOnce(): number {
    return this.isApart ? 2 : 1;
  }

  private async startHost(): Promise<void> {
    // A host that is being closed may still be at its last visit.
    await this.closing;
    const { runtime } = this.backend;
    const isHere = this.device === undefined && !(runtime instanceof URL);
    this.host = isHere ? await this.startHere(runtime) : await this.startApart();
    this.runtimeInfo = this.host.info;
  }

  private async startHere(runtime: RuntimeFactory<unknown>): Promise<RuntimeHost> {
    try {
      return await startLimitedHost(runtime, this.settings, this.reference, this.policy.kernelTimeoutMs, this.timers);
    } catch (error) {
      if (!(error instanceof WorkerDeathError)) throw error;
      throw new RuntimeDeathError({ death: error.death, times: 1, doing: error.doing }, { cause: error });
    }
  }

  /**
   * In a child process or on a device. Somebody may have killed it, or the system was out of memory for a moment: a start that died is
   * tried again.
   */
  private async startApart(): Promise<RemoteHost> {
    if (this.killed) throw stopped();
    const maxDeaths = this.runtimeInfo === undefined ? MAX_FIRST_DEATHS : MAX_DEATHS;
    for (let deaths = 1; ; deaths++) {
      try {
        this.startCount++;
        this.child = this.device === undefined ? await this.startChild() : await this.startOnDevice(this.device);
        await this.pin();
        return this.child;
      } catch (error) {
        if (!(error instanceof WorkerDeathError)) throw error;
        if (!error.blamesKernel) deaths--;
        if (error.retryable && deaths < maxDeaths && !this.killed) continue;
        throw new RuntimeDeathError({ death: error.death, times: deaths, doing: error.doing }, { cause: error });
      }
    }
  }

  private async startChild(): Promise<RemoteHost> {
    const { kernelTimeoutMs } = this.policy;
    this.pinner = new CpuPinner();
    const starting = startChildHost(this.backend.runtime as URL, this.settings, this.reference, kernelTimeoutMs, this.timers);
    this.killChild = starting.kill;
    return await starting.host;
  }

  private async startOnDevice(device: Device): Promise<RemoteHost> {
    const starting = startDeviceHost(device, this.settings, this.reference, this.policy.kernelTimeoutMs, this.timers);
    this.killChild = starting.kill;
    const { host, place } = await starting.host;
    this.place = place;
    return host;
  }

  /** What the runtime says of itself; the supervisor must have been started. */
  get info(): RuntimeInfo {
    return this.runtimeInfo!;
  }

  /** What its clock was found to be, and why there are no reference probes; the supervisor must have been started. */
  get checked(): Pick<RuntimeHost, 'clock' | 'notGated'> {
    return this.host ?? { clock: undefined };
  }

  get isolation(): Isolation {
    return this.kept;
  }

  /** What the device says of itself; undefined when that is this machine. */
  get deviceFacts(): DeviceFacts | undefined {
    return this.place?.facts;
  }

  /** True when the runtime has a process or a device of its own. */
  private get isApart(): boolean {
    return this.device !== undefined || this.backend.runtime instanceof URL;
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
    const { host, result } = await this.use((host) => host.visit(delivery, plan));
    // Another visit to this host may have closed it already.
    if (host === this.host) {
      const grown = this.child !== undefined && this.child.grownBytes > this.policy.workerGrowthBytes;
      if (grown) await this.close();
      else if (lostItsCpu(result.visit) && performance.now() - this.pinnedAtMs > REPIN_MS) await this.pin();
    }
    return { ...result, convertMs };
  }

  async probe(durationMs: number): Promise<readonly number[]> {
    return (await this.use((host) => host.probe(durationMs, this.policy))).result;
  }

  async execute(model: Uint8Array, inputs: readonly Tensor[]): Promise<readonly Tensor[]> {
    return (await this.use((host) => host.execute(model, inputs))).result;
  }

  async profile(model: Uint8Array, runs: number): Promise<readonly ProfiledPart[]> {
    return (await this.use((host) => host.profile(model, runs))).result;
  }

  /** A kernel needs no further visit. */
  forget(id: string): void {
    this.models.drop(id);
  }

  /** End a child at once, also one that is starting; the requests in flight are rejected, and no other child is started. */
  kill(): void {
    this.killed = true;
    this.killChild?.();
  }

  async close(): Promise<void> {
    const { host } = this;
    this.host = undefined;
    this.child = undefined;
    this.models.clear();
    if (host !== undefined) this.closing = host.close();
    await this.closing;
  }

  private async pin(): Promise<void> {
    if (this.child === undefined) return;
    // A device may take its time, and other visits end meanwhile.
    this.pinnedAtMs = performance.now();
    this.kept = await this.placeChild(this.child);
  }

  private async placeChild({ pid, info }: RemoteHost): Promise<Isolation> {
    if (pid !== undefined && this.pinner !== undefined) return { kind: 'process', ...(await this.pinner.pin(pid, info.threads)) };
    const kind = this.place?.facts.kind === 'browser' ? 'browser' : 'device';
    return { kind, ...((await this.place?.pin?.(info.threads)) ?? { notPinned: 'a device places its work itself' }) };
  }

  private async use<T>(work: (host: RuntimeHost) => Promise<T>): Promise<{ readonly host: RuntimeHost; readonly result: T }> {
    await this.start();
    const host = this.host!;
    try {
      return { host, result: await work(host) };
    } catch (error) {
      const isCurrent = host === this.host;
      const death = isLost(error) ? this.lossOf(error, isCurrent) : error;
      if (death instanceof WorkerDeathError && isCurrent) await this.close();
      throw death;
    }
  }

  /** A runtime without what it computes on is as dead as one whose process has ended; what comes after the first to notice is not to blame. */
  private lossOf({ message }: NnmError, isFirst: boolean): WorkerDeathError {
    const reason = message.replace(/^The runtime (.*)\.$/, '$1');
    const place = this.device !== undefined ? 'device' : this.isApart ? 'process' : 'caller';
    return new WorkerDeathError({ death: { code: 'ERR_KERNEL_CRASHED', reason, place }, doing: 'running a model', started: isFirst });
  }
}

function isLost(error: unknown): error is NnmError {
  return NnmError.isInstance(error) && error.code === 'ERR_RUNTIME_LOST';
}

function stopped(): WorkerDeathError {
  return new WorkerDeathError({
    death: { code: 'ERR_KERNEL_KILLED', reason: 'was stopped' },
    doing: 'starting the runtime',
    started: false,
  });
}

/** Another process had the CPU during most slices of the visit. */
function lostItsCpu(visit: Visit): boolean {
  return visit.slices.length > 0 && visit.slices.filter((slice) => slice.cpuShare < 0.9).length * 2 > visit.slices.length;
}
