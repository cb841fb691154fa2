import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type AdbMessage, AdbMessageReader, encodeAdbMessage } from './adb-messages.ts';

/** What a phone of a test is like. */
export interface EmulatorOptions {
  /** `never` allows no machine; `asked` does so once it is asked with a key; `open` asks for none. Default: `asked`. */
  readonly auth?: 'never' | 'asked' | 'open';
  /** Properties that `getprop` knows. */
  readonly properties?: Readonly<Record<string, string>>;
  /** A phone of Android 6: no shell protocol with exit statuses. */
  readonly isOld?: boolean;
  /** Bytes that may be pushed to it. */
  readonly spaceBytes?: number;
}

const VERSION = 0x01000001;
const MAX_DATA = 256 * 1024;
const TOKEN = 1;
const PUBLIC_KEY = 3;
/** Paths of the phone, which lie in a folder of this machine. */
const ROOTS = /(?<![\w./-])\/(data|sdcard|mnt\/sdcard)(?=\/)/g;

/**
 * An Android phone as adb's server sees it on a TCP port: it speaks the wire protocol, and runs what it is told in a real shell, with a
 * folder of this machine as its file system.
 *
 * Written from AOSP's `protocol.txt`, `SYNC.TXT` and `shell_protocol`.
 */
export class PhoneEmulator {
  readonly root = mkdtempSync(join(tmpdir(), 'nnm-phone-'));
  port = 0;
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  private readonly children = new Set<ChildProcess>();
  /** Commands that its shell was given. */
  readonly commands: string[] = [];
  /** Pairs of `adb reverse`. */
  readonly reversed = new Map<string, string>();
  private readonly listeners: ((command: string) => void)[] = [];
  spaceBytes: number;

  constructor(readonly options: EmulatorOptions = {}) {
    this.spaceBytes = options.spaceBytes ?? Number.POSITIVE_INFINITY;
    for (const folder of ['data/local/tmp', 'sdcard', 'bin']) mkdirSync(join(this.root, folder), { recursive: true });
    const properties = {
      'ro.product.manufacturer': 'Google',
      'ro.product.model': 'Pixel Test',
      'ro.build.version.release': '14',
      'ro.product.cpu.abilist': 'arm64-v8a,armeabi-v7a',
      'ro.soc.model': 'Tensor Test',
      ...options.properties,
    };
    const cases = Object.entries(properties).map(([name, value]) => `${name}) echo '${value}';;`);
    this.install('getprop', `case "$1" in ${cases.join(' ')} esac`);
    this.install('dumpsys', `cat "${this.root}/thermal" 2>/dev/null`);
    this.install('am', `echo "$@" >> "${this.root}/am"`);
    this.setThermal(0);
  }

  /** A program of its system, as a script. */
  install(name: string, script: string): void {
    writeFileSync(join(this.root, 'bin', name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(this.root, 'bin', name), 0o755);
  }

  setThermal(status: number): void {
    writeFileSync(join(this.root, 'thermal'), `IsStatusOverride: false\nThermal Status: ${status}\n`);
  }

  /** Where a path of the phone lies on this machine. */
  here(path: string): string {
    return join(this.root, path.replace(/^\/mnt\/sdcard/, '/sdcard'));
  }

  /** What lies in a folder of the phone, with everything below. */
  list(path: string): readonly string[] {
    return existsSync(this.here(path)) ? (readdirSync(this.here(path), { recursive: true }) as string[]).sort() : [];
  }

  get serial(): string {
    return `127.0.0.1:${this.port}`;
  }

  onCommand(listener: (command: string) => void): void {
    this.listeners.push(listener);
  }

  async start(): Promise<void> {
    const server = createServer((socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      new PhoneConnection(this, socket);
    });
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.on('error', reject);
      server.listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (server.address() as { port: number }).port;
  }

  /** Programs and shells that run on it. */
  get running(): number {
    return this.children.size;
  }

  /** Pull its cable unless that has been done. */
  unplugOnce(): Promise<void> {
    this.listeners.length = 0;
    return this.unplug();
  }

  /** Pull its cable: connections break, and what it runs goes on by itself. */
  async unplug(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    for (const socket of this.sockets) socket.destroy();
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }

  async stop(): Promise<void> {
    await this.unplug();
    for (const child of this.children) child.kill('SIGKILL');
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Run a command in its shell. */
  run(command: string, arg0: string): ChildProcess {
    this.commands.push(command);
    for (const listener of this.listeners) listener(command);
    const child = spawn('/bin/sh', ['-c', command.replace(ROOTS, (path) => this.here(path))], {
      argv0: arg0,
      cwd: this.root,
      env: { PATH: `${join(this.root, 'bin')}:/usr/bin:/bin`, HOME: this.root },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.children.add(child);
    child.on('exit', () => this.children.delete(child));
    child.stdin!.on('error', () => undefined);
    return child;
  }

  banner(): string {
    const { isOld = false } = this.options;
    return `device::ro.product.name=test;ro.product.model=Pixel Test;ro.product.device=test;features=${isOld ? '' : 'shell_v2,cmd,stat_v2,ls_v2'}`;
  }
}

/** What answers on one stream of a connection. */
interface Service {
  /** The other side has heard that it is there. */
  start(): void;
  take(data: Buffer): void;
  close(): void;
}

class PhoneConnection {
  private readonly reader = new AdbMessageReader();
  private readonly streams = new Map<number, { readonly remote: number; readonly service: Service }>();
  private readonly queues = new Map<number, Buffer[]>();
  private readonly waiting = new Set<number>();
  private readonly ending = new Set<number>();
  private next = 1;

  constructor(
    private readonly phone: PhoneEmulator,
    private readonly socket: Socket,
  ) {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      for (const message of this.reader.read(bytes)) this.take(message);
    });
    socket.on('close', () => {
      for (const { service } of this.streams.values()) service.close();
    });
  }

  private send(command: string, arg0: number, arg1: number, data?: Buffer | string): void {
    this.socket.write(encodeAdbMessage(command, arg0, arg1, typeof data === 'string' ? Buffer.from(`${data}\0`) : data));
  }

  private take({ command, arg0, arg1, data }: AdbMessage): void {
    const { auth = 'asked' } = this.phone.options;
    if (command === 'CNXN') {
      if (auth === 'open') this.welcome();
      else this.send('AUTH', TOKEN, 0, randomBytes(20));
    } else if (command === 'AUTH') {
      // It knows no keys: a signature is asked for again, and whoever shows a key then is allowed, as by a tap on "allow".
      if (arg0 !== PUBLIC_KEY) this.send('AUTH', TOKEN, 0, randomBytes(20));
      else if (auth === 'asked') this.welcome();
    } else if (command === 'OPEN') this.open(arg0, data.toString('utf8').replace(/\0+$/, ''));
    else if (command === 'WRTE') {
      this.send('OKAY', arg1, arg0);
      this.streams.get(arg1)?.service.take(data);
    } else if (command === 'OKAY') {
      this.waiting.delete(arg1);
      this.flush(arg1);
    } else if (command === 'CLSE') {
      this.streams.get(arg1)?.service.close();
      this.forget(arg1);
    }
  }

  private welcome(): void {
    this.send('CNXN', VERSION, MAX_DATA, this.phone.banner());
  }

  private open(remote: number, service: string): void {
    const id = this.next++;
    const answering = this.serve(id, service);
    if (answering === undefined) {
      this.send('CLSE', 0, remote);
      return;
    }
    this.streams.set(id, { remote, service: answering });
    this.send('OKAY', id, remote);
    answering.start();
  }

  private serve(id: number, service: string): Service | undefined {
    const shell = /^shell(?:,([^:]*))?:(.*)$/s.exec(service);
    if (shell !== null) return this.shell(id, shell[2]!, shell[1]?.split(',').includes('v2') === true);
    if (service === 'sync:')
      return new SyncService(
        this.phone,
        (data) => this.write(id, data),
        () => this.end(id),
      );
    const reverse = /^reverse:(forward|killforward-all|killforward):?(.*)$/.exec(service);
    if (reverse !== null) return this.reverse(id, reverse[1]!, reverse[2]!);
    return undefined;
  }

  /** A real shell; with the shell protocol its two outputs and its exit status apart. */
  private shell(id: number, command: string, isV2: boolean): Service {
    let child: ChildProcess | undefined;
    const packet = (kind: number, data: Buffer): Buffer => {
      const header = Buffer.alloc(5);
      header[0] = kind;
      header.writeUInt32LE(data.length, 1);
      return Buffer.concat([header, data]);
    };
    return {
      start: () => {
        child = this.phone.run(command, 'sh');
        for (const [kind, output] of [
          [1, child.stdout!],
          [2, child.stderr!],
        ] as const) {
          output.on('data', (data: Buffer) =>
            this.write(id, isV2 ? packet(kind, data) : Buffer.from(data.toString('latin1').replaceAll('\n', '\r\n'), 'latin1')),
          );
        }
        child.on('close', (status, signal) => {
          if (isV2) this.write(id, packet(3, Buffer.of(signal === null ? (status ?? 0) : 255)));
          this.end(id);
        });
      },
      take: (data) => {
        if (isV2 && data[0] === 4) child?.stdin?.end();
      },
      // As adbd does it, what runs there goes on.
      close: () => void child?.stdin?.end(),
    };
  }

  private reverse(id: number, verb: string, rest: string): Service {
    return {
      start: () => {
        const [on = '', to = ''] = rest.replace(/^norebind:/, '').split(';');
        if (verb === 'forward') this.phone.reversed.set(on, to);
        if (verb === 'killforward') this.phone.reversed.delete(on);
        if (verb === 'killforward-all') this.phone.reversed.clear();
        this.write(id, Buffer.from('OKAY'));
        this.end(id);
      },
      take: () => undefined,
      close: () => undefined,
    };
  }

  /** Send data by a stream, a piece at a time: the next one waits for the word that the last has come. */
  private write(id: number, data: Buffer): void {
    const queue = this.queues.get(id) ?? [];
    this.queues.set(id, queue);
    for (let at = 0; at < data.length; at += MAX_DATA / 4) queue.push(data.subarray(at, at + MAX_DATA / 4));
    this.flush(id);
  }

  private end(id: number): void {
    this.ending.add(id);
    this.flush(id);
  }

  private flush(id: number): void {
    const stream = this.streams.get(id);
    if (stream === undefined || this.waiting.has(id)) return;
    const data = this.queues.get(id)?.shift();
    if (data !== undefined) {
      this.waiting.add(id);
      this.send('WRTE', id, stream.remote, data);
    } else if (this.ending.has(id)) {
      this.send('CLSE', id, stream.remote);
      this.forget(id);
    }
  }

  private forget(id: number): void {
    this.streams.delete(id);
    this.queues.delete(id);
    this.waiting.delete(id);
    this.ending.delete(id);
  }
}

/** The service that files are pushed and looked at by. */
class SyncService implements Service {
  private rest = Buffer.alloc(0);
  private writing: { readonly file: number; readonly path: string } | undefined;
  private failed: string | undefined;

  constructor(
    private readonly phone: PhoneEmulator,
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
