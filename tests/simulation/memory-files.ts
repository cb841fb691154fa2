import path from 'node:path';
import type { Rng } from '@nnm/core';
import type { FileFacts, FileSystem, OpenFile, OpenFlag } from '@nnm/profiler';

/** A file's content, apart from its names: as it is now, and as much of it as the disk is sure to have. */
class Content {
  bytes = Buffer.alloc(0);
  sizeBytes = 0;
  durable = Buffer.alloc(0);
  links = 0;
  constructor(readonly mode: number) {}

  append(added: Uint8Array): void {
    if (this.sizeBytes + added.length > this.bytes.length) {
      const larger = Buffer.alloc(Math.max(1024, 2 * (this.sizeBytes + added.length)));
      this.bytes.copy(larger, 0, 0, this.sizeBytes);
      this.bytes = larger;
    }
    this.bytes.set(added, this.sizeBytes);
    this.sizeBytes += added.length;
  }

  truncate(sizeBytes: number): void {
    if (sizeBytes > this.sizeBytes) this.append(Buffer.alloc(sizeBytes - this.sizeBytes));
    this.sizeBytes = sizeBytes;
  }

  get current(): Buffer {
    return this.bytes.subarray(0, this.sizeBytes);
  }

  /** What is left after a power cut: what was synced, and of the rest a part, or its length with nothing in it. */
  lose(rng: Rng): void {
    const { current, durable } = this;
    if (current.equals(durable)) return;
    const kept = rng.integer(Math.min(durable.length, current.length), current.length);
    const left = Buffer.from(rng.float() < 0.3 ? durable : current.subarray(0, kept));
    if (rng.float() < 0.2 && current.length > durable.length) left.fill(0, Math.min(left.length, durable.length));
    this.bytes = left;
    this.sizeBytes = left.length;
    this.durable = Buffer.from(left);
  }
}

/** A change of a name that may not have reached the disk. */
interface NameChange {
  readonly folder: string;
  readonly undo: () => void;
}

/**
 * A disk in memory that forgets, in a power cut, what was not synced: contents that only the system has, and names in folders that were
 * not synced, the latest first.
 */
export class MemoryFiles implements FileSystem {
  private readonly names = new Map<string, Content>();
  private readonly folders = new Map<string, Set<string>>();
  private changes: NameChange[] = [];

  /** @param freeBytes - room; what is removed gives none back */
  constructor(public freeBytes = Number.POSITIVE_INFINITY) {}

  readFile(file: string): Uint8Array {
    return Buffer.from(this.contentOf(file, 'open').current);
  }

  open(file: string, flag: OpenFlag, mode = 0o644): OpenFile {
    const known = this.names.get(file);
    if (flag === 'exclusive' && (known || this.folders.has(file))) throw failure('EEXIST', 'open', file);
    if (this.folders.has(file)) throw failure('EISDIR', 'open', file);
    const content = known ?? new Content(mode);
    if (known === undefined) this.give(file, content);
    else if (flag === 'truncate') content.truncate(0);
    return {
      write: (bytes) => {
        const taken = Math.min(bytes.length, this.freeBytes);
        if (taken === 0 && bytes.length > 0) throw failure('ENOSPC', 'write', file);
        this.freeBytes -= taken;
        content.append(bytes.subarray(0, taken));
        return taken;
      },
      truncate: (sizeBytes) => content.truncate(sizeBytes),
      sync: () => {
        content.durable = Buffer.from(content.current);
      },
      stat: () => factsOf(content),
      close: () => undefined,
    };
  }

  stat(place: string): FileFacts | undefined {
    const content = this.names.get(place);
    if (content !== undefined) return factsOf(content);
    return this.folders.has(place) ? { kind: 'folder', sizeBytes: 0, mode: 0o755, links: 2 } : undefined;
  }

  list(folder: string): readonly string[] {
    const names = this.folders.get(folder);
    if (names === undefined) throw failure(this.names.has(folder) ? 'ENOTDIR' : 'ENOENT', 'scandir', folder);
    return [...names];
  }

  makeFolder(folder: string): void {
    if (this.folders.has(folder)) return;
    if (this.names.has(folder)) throw failure('EEXIST', 'mkdir', folder);
    const above = path.dirname(folder);
    if (above !== folder) this.makeFolder(above);
    this.folders.set(folder, new Set());
    if (above !== folder) this.folders.get(above)?.add(path.basename(folder));
  }

  rename(from: string, to: string): void {
    const content = this.contentOf(from, 'rename');
    if (this.folders.has(to)) throw failure('EISDIR', 'rename', to);
    if (from === to) return;
    // One change: after a power cut the new name has the old content or the new one, and never none.
    const before = this.names.get(to);
    this.set(to, content);
    this.unset(from);
    this.changes.push({
      folder: path.dirname(to),
      undo: () => {
        if (before === undefined) this.unset(to);
        else this.restore(to, before);
        this.restore(from, content);
      },
    });
  }

  link(file: string, name: string): void {
    const content = this.contentOf(file, 'link');
    if (this.names.has(name) || this.folders.has(name)) throw failure('EEXIST', 'link', name);
    this.give(name, content);
  }

  remove(place: string): void {
    const content = this.names.get(place);
    if (content !== undefined) {
      this.unset(place);
      this.changes.push({ folder: path.dirname(place), undo: () => this.restore(place, content) });
      return;
    }
    const within = this.folders.get(place);
    if (within === undefined) return;
    for (const name of [...within]) this.remove(path.join(place, name));
    this.folders.delete(place);
    this.folders.get(path.dirname(place))?.delete(path.basename(place));
  }

  realPath(place: string): string {
    if (this.stat(place) === undefined) throw failure('ENOENT', 'lstat', place);
    return place;
  }

  syncFolder(folder: string): void {
    if (!this.folders.has(folder)) throw failure('ENOENT', 'open', folder);
    this.changes = this.changes.filter((change) => change.folder !== folder);
  }

  /** Everything that was not synced is lost, or a part of it. */
  powerCut(rng: Rng): void {
    const contents = new Set(this.names.values());
    const kept = rng.integer(0, this.changes.length);
    for (const { undo } of this.changes.slice(kept).reverse()) undo();
    this.changes = [];
    for (const content of [...contents, ...this.names.values()]) content.lose(rng);
  }

  /** Every file with its content. */
  files(): ReadonlyMap<string, Buffer> {
    return new Map([...this.names].map(([name, content]) => [name, content.current]));
  }

  private contentOf(file: string, syscall: string): Content {
    const content = this.names.get(file);
    if (content !== undefined) return content;
    throw failure(this.folders.has(file) ? 'EISDIR' : 'ENOENT', syscall, file);
  }

  private give(name: string, content: Content): void {
    this.set(name, content);
    this.changes.push({ folder: path.dirname(name), undo: () => this.unset(name) });
  }

  /** After a power cut, whatever has become of the folder. */
  private restore(name: string, content: Content): void {
    this.makeFolder(path.dirname(name));
    this.set(name, content);
  }

  private set(name: string, content: Content): void {
    const folder = this.folders.get(path.dirname(name));
    if (folder === undefined) throw failure('ENOENT', 'open', name);
    this.unset(name);
    folder.add(path.basename(name));
    this.names.set(name, content);
    content.links++;
  }

  private unset(name: string): void {
    const content = this.names.get(name);
    if (content === undefined) return;
    content.links--;
    this.names.delete(name);
    this.folders.get(path.dirname(name))?.delete(path.basename(name));
  }
}

function factsOf({ sizeBytes, mode, links }: Content): FileFacts {
  return { kind: 'file', sizeBytes, mode, links };
}

/** A system's error, as Node throws it. */
export function failure(code: string, syscall: string, file: string): Error {
  return Object.assign(new Error(`${code}: ${syscall} '${file}'`), { code, syscall, path: file });
}
