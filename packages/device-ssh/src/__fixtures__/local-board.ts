import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const SSHD = '/usr/sbin/sshd';

/** Why there can be no ssh server of a test's own here; undefined where there can. Installs Debian's where that is possible. */
export const sshdMissing: string | undefined = findSshd();

function findSshd(): string | undefined {
  if (!existsSync(SSHD) && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    try {
      execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
      execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'openssh-server'], {
        stdio: 'ignore',
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
    } catch {
      return `${SSHD} is missing, and apt-get could not install openssh-server`;
    }
  }
  return existsSync(SSHD) ? undefined : `${SSHD} is missing (Debian: apt-get install openssh-server)`;
}

/** What the board's login shell is like. */
export interface BoardShell {
  /** Lines of its start-up file: what it prints, what it sets. */
  readonly startup?: string;
  /** Its PATH. Default: where this Node is, and the system's. */
  readonly path?: string;
}

/** A board that is this machine: an ssh server on loopback with keys of its own, and a user's folder of its own. */
export interface LocalBoard extends AsyncDisposable {
  /** What stands behind `ssh://`. */
  readonly address: string;
  readonly port: number;
  /** Configuration of the client, for SSH_CONFIG. */
  readonly config: string;
  /** Its user's folder, which `~` is there. */
  readonly home: string;
  /** What the client knows of host keys. */
  readonly knownHosts: string;
  /** Of the client. */
  readonly key: string;
  setShell(shell: BoardShell): void;
  /** Take the host key for another one, as a board that was set up anew has. */
  changeHostKey(): Promise<void>;
  /** Cut all connections at once. @returns how many there were */
  cut(): number;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** @param listen - address to listen on; default loopback */
export async function startLocalBoard(listen = '127.0.0.1', inNamespace: readonly string[] = []): Promise<LocalBoard> {
  const folder = mkdtempSync(path.join(tmpdir(), 'nnm-board-'));
  const home = path.join(folder, 'home');
  mkdirSync(home);
  const at = (name: string): string => path.join(folder, name);
  const makeKey = (name: string): void => {
    rmSync(at(name), { force: true });
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)]);
  };
  makeKey('host_key');
  makeKey('client_key');
  writeFileSync(at('authorized_keys'), readFileSync(at('client_key.pub')));
  const port = await freePort();
  // Privilege separation wants this folder, which the package makes when its service starts.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  writeFileSync(
    at('sshd_config'),
    [
      `ListenAddress ${listen}:${port}`,
      `HostKey ${at('host_key')}`,
      `AuthorizedKeysFile ${at('authorized_keys')}`,
      `ForceCommand /bin/sh ${at('shell.sh')}`,
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PermitRootLogin yes',
      'PidFile none',
      'MaxStartups 100',
      '',
    ].join('\n'),
  );
  const trust = (): void => {
    const [type, key] = readFileSync(at('host_key.pub'), 'utf8').split(' ');
    writeFileSync(at('known_hosts'), `[${listen}]:${port} ${type} ${key}\n`);
  };
  trust();
  writeFileSync(
    at('ssh_config'),
    [
      `IdentityFile ${at('client_key')}`,
      'IdentitiesOnly yes',
      `UserKnownHostsFile ${at('known_hosts')}`,
      'GlobalKnownHostsFile none',
      '',
    ].join('\n'),
  );
  let server: ReturnType<typeof spawn> | undefined;
  const start = async (): Promise<void> => {
    const [command, ...args] = [...inNamespace, SSHD, '-D', '-e', '-f', at('sshd_config')];
    server = spawn(command!, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    await new Promise<void>((resolve, reject) => {
      server!.stderr!.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('Server listening on')) resolve();
      });
      server!.once('exit', (code) => reject(new Error(`sshd ended with ${code}: ${said}`)));
    });
  };
  const stop = async (): Promise<void> => {
    if (server === undefined || server.exitCode !== null) return;
    const ended = once(server, 'exit');
    cutConnections(server.pid!);
    server.kill('SIGTERM');
    await ended;
    server = undefined;
  };
  const board: LocalBoard = {
    address: `${userInfo().username}@${listen}:${port}`,
    port,
    config: at('ssh_config'),
    home,
    knownHosts: at('known_hosts'),
    key: at('client_key'),
    setShell({ startup = '', path: paths = `${path.dirname(process.execPath)}:/usr/bin:/bin` }) {
      const variables = [
        `HOME=${home}`,
        `PATH=${paths}`,
        ...(libraryOfCheckout === undefined ? [] : [`NNM_TFLITE_LIBRARY=${libraryOfCheckout}`]),
      ];
      const lines = variables.map((one) => `export ${one}`);
      writeFileSync(at('shell.sh'), `${lines.join('\n')}\n${startup}\nexec /bin/sh -c "$SSH_ORIGINAL_COMMAND"\n`);
    },
    async changeHostKey() {
      await stop();
      makeKey('host_key');
      await start();
    },
    cut: () => cutConnections(server!.pid!),
    stop,
    start,
    async [Symbol.asyncDispose]() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  board.setShell({});
  await start();
  return board;
}

/** Where TensorFlow Lite is in a checkout that was never built; the built package holds it itself. */
const libraryOfCheckout: string | undefined = (() => {
  const root = fileURLToPath(new URL('../../../../', import.meta.url));
  if (existsSync(path.join(root, 'packages/backend-tflite/native'))) return undefined;
  const folder = process.arch === 'arm64' ? 'linux_arm64' : 'linux_amd64';
  return path.join(root, 'node_modules/tfjs-tflite-node/cc_deps', folder, 'libtensorflowlite_c.so');
})();

/** The server's own children are its connections. */
function cutConnections(server: number): number {
  const children = childrenOf(server);
  // The one that speaks to the network is a child of the one that has the rights.
  for (const pid of [...children.flatMap(childrenOf).filter(isSshd), ...children]) kill(pid);
  return children.length;
}

function childrenOf(pid: number): readonly number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split(' ').filter(Boolean).map(Number) : [];
}

function isSshd(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'sshd';
  } catch {
    return false; // it has ended
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
