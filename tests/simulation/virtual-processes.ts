import type { LockOwner, Presence, ProcessTable } from '@nnm/builder';
import type { Rng } from '@nnm/core';

/** The processes of a simulation. */
export class VirtualProcesses {
  private readonly running = new Set<number>();
  private last = 0;

  /** @param rng - how long looking something up takes, so that processes come to things in any order */
  constructor(private readonly rng: Rng) {}

  /** A new process, as its own locking sees it. */
  start(): { readonly pid: number; readonly table: ProcessTable } {
    const pid = ++this.last;
    this.running.add(pid);
    return {
      pid,
      table: {
        announce: async (): Promise<Presence> => {
          await this.pause();
          return { owner: { pid, host: 'virtual' }, withdraw: () => undefined };
        },
        stateOf: async (owner: LockOwner) => {
          await this.pause();
          return this.running.has(owner.pid) ? 'running' : 'gone';
        },
      },
    };
  }

  end(pid: number): void {
    this.running.delete(pid);
  }

  private async pause(): Promise<void> {
    for (let left = this.rng.integer(0, 5); left > 0; left--) await Promise.resolve();
  }
}
