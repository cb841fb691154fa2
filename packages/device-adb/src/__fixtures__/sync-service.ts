import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { EmulatedPhone } from './emulated-phone.ts';

/** What answers on one stream of a connection. */
export interface Service {
  /** The other side has heard that it is there. */
  start(): void;
  take(data: Buffer): void;
  close(): void;
}

/** The service that files are pushed and looked at by. */
export class SyncService implements Service {
  private rest = Buffer.alloc(0);
  private writing: { readonly file: number; readonly path: string } | undefined;
  private failed: string | undefined;

  constructor(
    private readonly phone: EmulatedPhone,
    private readonly write: (data: Buffer) => void,
    private readonly end: () => void,
  ) {}

  start(): void {
    this.rest = Buffer.alloc(0);
  }

  take(data: Buffer): void {
    this.rest = Buffer.concat([this.rest, data]);
    while (this.rest.length >= 8) {
      const id = this.rest.toString('latin1', 0, 4);
      const length = this.rest.readUInt32LE(4);
      const hasBody = id !== 'DONE' && id !== 'QUIT';
      if (hasBody && this.rest.length < 8 + length) return;
      const body = this.rest.subarray(8, hasBody ? 8 + length : 8);
      this.rest = this.rest.subarray(8 + body.length);
      this.request(id, body, length);
    }
  }

  close(): void {
    if (this.writing !== undefined) closeSync(this.writing.file);
    this.writing = undefined;
  }

  private request(id: string, body: Buffer, length: number): void {
    const path = body.toString('utf8');
    if (id === 'STAT') this.write(this.stat1(path));
    else if (id === 'STA2' || id === 'LST2') this.write(this.stat2(id, path));
    else if (id === 'SEND') this.openFile(path);
    else if (id === 'DATA') this.data(body);
    else if (id === 'DONE') this.finish(length);
    else if (id === 'RECV') this.receive(path);
    else this.end();
  }

  private openFile(request: string): void {
    const comma = request.lastIndexOf(',');
    const path = this.phone.here(request.slice(0, comma));
    try {
      mkdirSync(dirname(path), { recursive: true });
      this.writing = { path, file: openSync(path, 'w', Number(request.slice(comma + 1)) & 0o777) };
    } catch (error) {
      this.failed = `couldn't create file: ${(error as NodeJS.ErrnoException).code === 'EACCES' ? 'Permission denied' : 'Not a directory'}`;
    }
  }

  private data(body: Buffer): void {
    this.phone.spaceBytes -= body.length;
    if (this.phone.spaceBytes < 0) this.failed ??= 'write failed: No space left on device';
    else if (this.writing !== undefined) writeSync(this.writing.file, body);
  }

  private finish(_mtime: number): void {
    const path = this.writing?.path;
    this.close();
    const { failed } = this;
    this.failed = undefined;
    if (failed === undefined) {
      this.write(headed('OKAY', 0));
      return;
    }
    if (path !== undefined) rmSync(path, { force: true });
    this.write(headed('FAIL', failed.length, Buffer.from(failed)));
  }

  private receive(path: string): void {
    try {
      const content = readFileSync(this.phone.here(path));
      for (let at = 0; at < content.length; at += 65_536) {
        const piece = content.subarray(at, at + 65_536);
        this.write(headed('DATA', piece.length, piece));
      }
      this.write(headed('DONE', 0));
    } catch {
      const said = 'No such file or directory';
      this.write(headed('FAIL', said.length, Buffer.from(said)));
    }
  }

  private stat1(path: string): Buffer {
    const found = statSync(this.phone.here(path), { throwIfNoEntry: false });
    const answer = Buffer.alloc(16);
    answer.write('STAT', 0, 'latin1');
    answer.writeUInt32LE(found?.mode ?? 0, 4);
    answer.writeUInt32LE(found?.size ?? 0, 8);
    return answer;
  }

  private stat2(id: string, path: string): Buffer {
    const found = statSync(this.phone.here(path), { throwIfNoEntry: false });
    const answer = Buffer.alloc(72);
    answer.write(id, 0, 'latin1');
    answer.writeUInt32LE(found === undefined ? 2 : 0, 4); // ENOENT
    answer.writeUInt32LE(found?.mode ?? 0, 24);
    answer.writeBigUInt64LE(BigInt(found?.size ?? 0), 40);
    return answer;
  }
}

function headed(id: string, length: number, data: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(8);
  header.write(id, 0, 'latin1');
  header.writeUInt32LE(length, 4);
  return Buffer.concat([header, data]);
}
