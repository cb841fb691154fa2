import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmulatedPhone, EmulatorOptions } from './emulated-phone.ts';
import { PhoneConnection } from './phone-connection.ts';

/** Paths of the phone, which lie in a folder of this machine. */
const ROOTS = /(?<![\w./-])\/(data|sdcard|mnt\/sdcard)(?=\/)/g;

/**
 * An Android phone as adb's server sees it on a TCP port: it speaks the wire protocol, and runs what it is told in a real shell, with a
 * folder of this machine as its file system.
 *
 * Written from AOSP's `protocol.txt`, `SYNC.TXT` and `shell_protocol`.
 */
export class PhoneEmulator implements EmulatedPhone {
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
