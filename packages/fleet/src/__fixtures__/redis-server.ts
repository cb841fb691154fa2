import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';

/** Why there is no server to test with; undefined where there is one. As root on Debian it is installed. */
export const redisMissing: string | undefined = findServer();

function findServer(): string | undefined {
  const isThere = (): boolean => spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;
  if (isThere()) return undefined;
  if (process.getuid?.() === 0 && spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0) {
    // Debian starts a service on the usual port unless it is told not to.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    for (const args of [
      ['update', '-q'],
      ['install', '-q', '-y', '--no-install-recommends', 'redis-server'],
    ]) {
      spawnSync('apt-get', args, { stdio: 'ignore', env });
    }
  }
  return isThere() ? undefined : 'redis-server is missing (Debian: apt-get install redis-server; `npm run test:debian` installs it)';
}

/** How a server is started. */
export interface RedisOptions {
  readonly password?: string;
  /** Default: an append-only file, as is advised. */
  readonly keeps?: 'aof' | 'nothing';
  readonly maxmemoryPolicy?: string;
  /** Files of certificate, key and authority: it then speaks TLS alone. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca: string };
}

/** A server of a test's own: on its own port, in its own folder. */
export class RedisServer implements AsyncDisposable {
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly options: RedisOptions,
  ) {}

  static async start(options: RedisOptions = {}): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), mkdtempSync(join(tmpdir(), 'nnm-redis-')), options);
    await server.restart();
    return server;
  }

  get url(): string {
    const { password, tls } = this.options;
    return `${tls ? 'rediss' : 'redis'}://${password === undefined ? '' : `:${password}@`}127.0.0.1:${this.port}`;
  }

  /** Start it again on what it has kept. */
  async restart(): Promise<void> {
    const { password, keeps = 'aof', maxmemoryPolicy, tls } = this.options;
    const port = tls ? ['--port', '0', '--tls-port', String(this.port)] : ['--port', String(this.port)];
    const certificates = tls
      ? ['--tls-cert-file', tls.cert, '--tls-key-file', tls.key, '--tls-ca-cert-file', tls.ca, '--tls-auth-clients', 'no']
      : [];
    const memory = maxmemoryPolicy === undefined ? [] : ['--maxmemory', '100mb', '--maxmemory-policy', maxmemoryPolicy];
    const args = ['--bind', '127.0.0.1', ...port, '--dir', this.folder, '--save', '', '--appendonly', keeps === 'aof' ? 'yes' : 'no'];
    this.child = spawn(
      'redis-server',
      [...args, ...certificates, ...memory, ...(password === undefined ? [] : ['--requirepass', password])],
      {
        stdio: 'ignore',
      },
    );
    await this.ask((client) => client.ping());
  }

  /** Speak to it over a connection of one's own. */
  async ask<T>(question: (client: Redis) => Promise<T>): Promise<T> {
    const { password, tls } = this.options;
    const client = new Redis(this.port, '127.0.0.1', {
      ...(password !== undefined && { password }),
      ...(tls && { tls: { rejectUnauthorized: false } }),
      retryStrategy: () => 20,
      maxRetriesPerRequest: null,
    });
    client.on('error', () => undefined); // until it listens
    try {
      return await question(client);
    } finally {
      client.disconnect();
    }
  }

  /** As a power cut would, but for what the system has not yet written to the disk. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Look again and again until something is so. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(50);
}
