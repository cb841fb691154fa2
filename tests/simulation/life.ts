import {
  buildLatencyPredictor,
  initWorkspace,
  lockWorkspace,
  NotAWorkspaceError,
  openWorkspace,
  type PipelineEvent,
  readMeasured,
  readWorkspaceConfig,
  type Workspace,
  workspaceContext,
} from '@nnm/builder';
import { NnmError, Rng } from '@nnm/core';
import type { FileSystem } from '@nnm/profiler';
import { Killed } from './killed.ts';
import { ProcessFiles } from './life-faults.ts';
import type { Life } from './schedule.ts';
import { type ToyWorkspace, toyConfig, toyRegistry } from './toy-workspace.ts';
import { DeviceLost, VirtualDevice } from './virtual-device.ts';
import type { VirtualProcesses } from './virtual-processes.ts';
import { VirtualTimers } from './virtual-timers.ts';

/** Where the workspace of a simulation lies. */
export const FOLDER = '/w';
const SEED = 11;

/** How a process ended, and what it had said before. */
export interface LifeReport {
  /** `failed`: with an error that nnm means its user to see. `broken`: with anything else, which is a fault. */
  readonly end: 'built' | 'aborted' | 'killed' | 'busy' | 'failed' | 'broken';
  readonly error?: unknown;
  /** Measurements it had reported as kept, `<kernel>/<id>`, and how often. */
  readonly recorded: ReadonlyMap<string, number>;
  readonly calls: number;
  readonly events: number;
  readonly loads: number;
  /** What other processes found: those that were let in although this one held the lock, or that ended with what is no error of nnm. */
  readonly rivals: readonly string[];
}

/** A life in which nothing goes wrong. */
export const PEACE: Life = { files: { kind: 'none' }, shortWrites: false, powerCut: false };

/** Run one process on a disk: open or make the workspace, claim it, build it. */
export async function live(
  disk: FileSystem,
  processes: VirtualProcesses,
  toy: ToyWorkspace,
  life: Life,
  seed: number,
): Promise<LifeReport> {
  const files = new ProcessFiles(disk, life.files, life.shortWrites ? new Rng(seed) : undefined);
  const device = new VirtualDevice(life.lostAfterLoads === undefined ? {} : { lostAfterLoads: life.lostAfterLoads });
  const recorded = new Map<string, number>();
  const rivals: string[] = [];
  const abort = new AbortController();
  const timers = new VirtualTimers();
  const { pid, table } = processes.start();
  let events = 0;
  const report = (end: LifeReport['end'], error?: unknown): LifeReport => {
    return { end, ...(error !== undefined && { error }), recorded, calls: files.calls, events, loads: device.loads, rivals };
  };
  /** Another process reads while this one builds: it sees what has been recorded, no more and no less. */
  const readAlong = async (): Promise<void> => {
    const workspace = await openWorkspace(FOLDER, disk);
    const { implement, batchSize } = await readWorkspaceConfig(workspace, toyRegistry(device));
    for (const kernel of toy.kernels) {
      const { rows } = await readMeasured(kernel, { registry: toyRegistry(device), workspace, implement, batchSize });
      const seen = new Set(rows.map(({ id }) => `${kernel}/${id}`));
      for (const name of recorded.keys()) {
        if (name.startsWith(`${kernel}/`) && !seen.has(name)) rivals.push(`${name} has been recorded and is not seen`);
      }
    }
  };
  const onEvent = async (event: PipelineEvent): Promise<void> => {
    if (event.type === 'profile' && event.event.type === 'record' && event.event.record.status === 'ok') {
      const name = `${event.kernel}/${event.event.record.id}`;
      recorded.set(name, (recorded.get(name) ?? 0) + 1);
    }
    const now = events++;
    if (now === life.jump?.atEvent) timers.jump(life.jump.ms);
    if (now === life.readAtEvent) await readAlong();
    if (now === life.rivalAtEvent) rivals.push(...(await rivalOf(disk, processes, toy)));
    if (now !== life.stop?.atEvent) return;
    if (life.stop.how === 'kill') throw files.kill();
    abort.abort();
  };
  try {
    const registry = toyRegistry(device);
    const workspace = await openOrCreate(files, toy);
    const config = await readWorkspaceConfig(workspace, registry);
    const release = await lockWorkspace(workspace, { processes: table });
    const { keepModels } = toy;
    const context = workspaceContext(registry, workspace, config, { signal: abort.signal, keepModels, timers });
    const building = buildLatencyPredictor(context);
    try {
      for (;;) {
        const step = await building.next();
        if (step.done) {
          if (step.value.failures.length > 0) throw step.value.failures[0]?.error;
          break;
        }
        await onEvent(step.value);
      }
    } finally {
      // What a killed process would do on its way out reaches nobody, but what has been aborted cleans up.
      await building.return(undefined as never).catch(() => undefined);
      await release();
    }
    return report('built');
  } catch (error) {
    if (files.dead || error instanceof Killed) return report('killed');
    if (error instanceof DeviceLost) return report('failed', error);
    if (!NnmError.isInstance(error)) return report('broken', error);
    return report(error.code === 'ERR_ABORTED' ? 'aborted' : error.code === 'ERR_WORKSPACE_BUSY' ? 'busy' : 'failed', error);
  } finally {
    files.dead = true;
    processes.end(pid);
  }
}

async function openOrCreate(files: FileSystem, toy: ToyWorkspace): Promise<Workspace> {
  try {
    return await openWorkspace(FOLDER, files);
  } catch (error) {
    if (!(error instanceof NotAWorkspaceError)) throw error;
    return initWorkspace(FOLDER, { buildConfig: toyConfig(toy), backendConfig: 'BACKEND: virtual\n' }, SEED, files);
  }
}

/** Another process that wants to build what is being built. */
async function rivalOf(disk: FileSystem, processes: VirtualProcesses, toy: ToyWorkspace): Promise<readonly string[]> {
  const { end, error } = await live(disk, processes, toy, PEACE, 0);
  return end === 'busy' ? [] : [`a second process was not refused but ${end}: ${String(error)}`];
}
