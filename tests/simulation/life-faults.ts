import type { Rng } from '@nnm/core';
import type { FileFacts, FileSystem, OpenFile } from '@nnm/profiler';
import { Killed } from './killed.ts';
import { failure } from './memory-files.ts';

/** What goes wrong with the files of one process. */
export type FileFault =
  | { readonly kind: 'none' }
  /** Killed before, after, or in the middle of the `at`-th call. */
  | { readonly kind: 'kill'; readonly at: number; readonly when: 'before' | 'after' | 'within' }
  /** From the `at`-th call on the disk takes `room` bytes more, and then none. */
  | { readonly kind: 'full'; readonly at: number; readonly room: number }
  /** The `at`-th call fails. */
  | { readonly kind: 'error'; readonly at: number; readonly code: 'EIO' | 'EACCES' | 'EMFILE' };

/** The files as one process sees them, with its fault; it ends with its process. */
export class ProcessFiles implements FileSystem {
  /** Calls that change something, or wait for the disk. */
  calls = 0;
  dead = false;
  private room = Number.POSITIVE_INFINITY;

  /** @param shortWrites - every write takes only a part of its bytes, by these random numbers */
  constructor(
    private readonly disk: FileSystem,
    private readonly fault: FileFault,
    private readonly shortWrites?: Rng,
  ) {}

  /** End the process: whatever it still tries fails. */
  kill(): Killed {
    this.dead = true;
    return new Killed('The process was killed.');
  }

  readFile(path: string): Uint8Array {
    this.assertAlive();
    return this.disk.readFile(path);
  }

  open(path: string, flag: 'append' | 'truncate' | 'exclusive', mode?: number): OpenFile {
    const open = this.step('open', path, () => this.disk.open(path, flag, mode));
    return {
      write: (bytes) => {
        const wanted = this.shortWrites && bytes.length > 1 ? this.shortWrites.integer(1, bytes.length) : bytes.length;
        return this.step('write', path, (within) => {
          if (within) return open.write(bytes.subarray(0, Math.floor(wanted / 2)));
          const taken = Math.min(wanted, this.room);
          if (taken === 0 && bytes.length > 0) throw failure('ENOSPC', 'write', path);
          this.room -= taken;
          return open.write(bytes.subarray(0, taken));
        });
      },
      truncate: (sizeBytes) => this.step('ftruncate', path, () => open.truncate(sizeBytes)),
      sync: () => this.step('fsync', path, () => open.sync()),
      stat: () => {
        this.assertAlive();
        return open.stat();
      },
      close: () => open.close(),
    };
  }

  stat(path: string): FileFacts | undefined {
    this.assertAlive();
    return this.disk.stat(path);
  }

  list(folder: string): readonly string[] {
    this.assertAlive();
    return this.disk.list(folder);
  }

  makeFolder(folder: string): void {
    if (this.stat(folder) === undefined) this.step('mkdir', folder, () => this.disk.makeFolder(folder));
  }

  rename(from: string, to: string): void {
    this.step('rename', to, () => this.disk.rename(from, to));
  }

  link(file: string, name: string): void {
    this.step('link', name, () => this.disk.link(file, name));
  }

  remove(path: string): void {
    if (this.stat(path) !== undefined) this.step('unlink', path, () => this.disk.remove(path));
  }

  realPath(path: string): string {
    this.assertAlive();
    return this.disk.realPath(path);
  }

  syncFolder(folder: string): void {
    this.step('fsync', folder, () => this.disk.syncFolder(folder));
  }

  private step<T>(syscall: string, path: string, work: (within: boolean) => T): T {
    this.assertAlive();
    const { fault } = this;
    const call = this.calls++;
    const isNow = fault.kind !== 'none' && call === fault.at;
    if (!isNow) return work(false);
    if (fault.kind === 'error') throw failure(fault.code, syscall, path);
    if (fault.kind === 'full') this.room = fault.room;
    if (fault.kind !== 'kill') return work(false);
    if (fault.when === 'within' && syscall === 'write') work(true);
    if (fault.when === 'after') work(false);
    throw this.kill();
  }

  private assertAlive(): void {
    if (this.dead) throw new Killed('The process was killed.');
  }
}
