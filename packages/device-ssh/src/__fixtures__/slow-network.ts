import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';
import { type LocalBoard, startLocalBoard } from './local-board.ts';

/** One way, milliseconds; and what a lost packet costs a connection: everything behind it waits until it was sent again. */
const DELAY_MS = 60;
const LOSS = 0.02;
const RESEND_MS = 300;

/** A port of loopback behind which a board is far away. */
export interface SlowPort extends AsyncDisposable {
  readonly port: number;
  /** From now on nothing goes through the connections that there are, and nobody is told: as when a cable is pulled between two switches. */
  silence(): void;
}

/** @param seed - of which pieces are lost */
export async function startSlowPort(to: number, seed = 1): Promise<SlowPort> {
  let state = seed;
  const draw = (): number => {
    state = (state * 48_271) % 0x7fff_ffff;
    return state / 0x7fff_ffff;
  };
  const silent = new WeakSet<Socket>();
  const carry = (from: Socket, target: Socket): void => {
    let free = 0;
    /** Timers of nearly the same time may end in any order, pieces may not. */
    const under: Buffer[] = [];
    from.on('data', (chunk) => {
      if (silent.has(from)) return;
      free = Math.max(free, performance.now() + DELAY_MS) + (draw() < LOSS ? RESEND_MS : 0);
      under.push(chunk);
      setTimeout(() => target.write(under.shift()!), free - performance.now());
    });
    // Behind all that is on its way.
    from.on('close', () => setTimeout(() => target.destroy(), 2 * DELAY_MS + Math.max(0, free - performance.now())));
    from.on('error', () => undefined);
  };
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = dial(to, '127.0.0.1');
    for (const socket of [near, far]) sockets.add(socket.setNoDelay());
    carry(near, far);
    carry(far, near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    silence() {
      for (const socket of sockets) silent.add(socket);
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

const ADDRESSES = { here: '10.213.77.1', there: '10.213.77.2' } as const;

/** Why the kernel cannot delay and lose packets here; undefined where it can. */
export const netemMissing: string | undefined = findNetem();

function findNetem(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'it takes root on Linux';
  const name = `nnmtry${process.pid}`;
  const run = (command: string, ...args: string[]): void => void execFileSync(command, args, { stdio: 'ignore' });
  try {
    run('ip', 'netns', 'add', name);
  } catch {
    return 'network namespaces are not permitted here, or `ip` is missing (Debian: apt-get install iproute2)';
  }
  try {
    run('ip', 'netns', 'exec', name, 'tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'netem', 'delay', '1ms');
    return undefined;
  } catch {
    return 'this kernel has no netem';
  } finally {
    run('ip', 'netns', 'del', name);
  }
}

/** A board in a network namespace of its own, behind a link with delay and loss. */
export async function startFarBoard(): Promise<LocalBoard> {
  const name = `nnm${process.pid}`;
  const link = `n${process.pid}`;
  const ip = (...args: string[]): void => void execFileSync('ip', args);
  ip('netns', 'add', name);
  ip('link', 'add', link, 'type', 'veth', 'peer', 'name', 'board0', 'netns', name);
  ip('addr', 'add', `${ADDRESSES.here}/30`, 'dev', link);
  ip('link', 'set', link, 'up');
  ip('netns', 'exec', name, 'ip', 'addr', 'add', `${ADDRESSES.there}/30`, 'dev', 'board0');
  ip('netns', 'exec', name, 'ip', 'link', 'set', 'board0', 'up');
  execFileSync('tc', ['qdisc', 'add', 'dev', link, 'root', 'netem', 'delay', `${DELAY_MS}ms`, '20ms', 'loss', `${100 * LOSS}%`]);
  const board = await startLocalBoard(ADDRESSES.there, ['ip', 'netns', 'exec', name]);
  return {
    ...board,
    async [Symbol.asyncDispose]() {
      await board[Symbol.asyncDispose]();
      ip('link', 'del', link);
      ip('netns', 'del', name);
    },
  };
}
