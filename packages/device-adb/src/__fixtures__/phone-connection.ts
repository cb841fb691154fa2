import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { type AdbMessage, AdbMessageReader, encodeAdbMessage } from './adb-messages.ts';
import type { EmulatedPhone } from './emulated-phone.ts';
import { type Service, SyncService } from './sync-service.ts';

const VERSION = 0x01000001;
const MAX_DATA = 256 * 1024;
const TOKEN = 1;
const PUBLIC_KEY = 3;

/** One connection of adb's server to a phone, with its streams. */
export class PhoneConnection {
  private readonly reader = new AdbMessageReader();
  private readonly streams = new Map<number, { readonly remote: number; readonly service: Service }>();
  private readonly queues = new Map<number, Buffer[]>();
  private readonly waiting = new Set<number>();
  private readonly ending = new Set<number>();
  private next = 1;

  constructor(
    private readonly phone: EmulatedPhone,
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
