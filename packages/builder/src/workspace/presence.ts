import { rmSync } from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import path from 'node:path';
import { judgeProcess, type ProcessIdentity, type ProcessState, systemLookup, thisPlace, thisProcess } from './process-identity.ts';

/** A process as a lock names it. */
export interface LockOwner extends ProcessIdentity {
  /** A socket beside the lock that answers while the process lives, whatever container it is in; a name in the lock's folder. */
  readonly socket?: string;
}

/** This process, announced in a folder. */
export interface Presence {
  readonly owner: LockOwner;
  /** Stop answering. */
  withdraw(): void;
}

/** Processes and what can be known of them; an argument of locking, so that a simulation can have its own. */
export interface ProcessTable {
  /** Make it known in a folder that this process runs, for as long as it does. @param token - unique */
  announce(folder: string, token: string): Promise<Presence>;
  /** @param folder - where the process had announced itself */
  stateOf(owner: LockOwner, folder: string): Promise<ProcessState>;
}

/** The processes of this machine. */
export const systemProcesses: ProcessTable = {
  async announce(folder, token) {
    const owner = thisProcess();
    // Process numbers count everywhere else; only Linux has containers that share a folder and a kernel.
    const socket = process.platform === 'linux' ? `${token}.sock` : undefined;
    const server = socket === undefined ? undefined : await listenAt(path.join(folder, socket));
    return {
      owner: { ...owner, ...(server && socket !== undefined && { socket }) },
      withdraw: () => {
        server?.close();
        if (server !== undefined && socket !== undefined) rmSync(path.join(folder, socket), { force: true });
      },
    };
  },
  async stateOf(owner, folder) {
    const here = { pid: process.pid, ...thisPlace() };
    const state = judgeProcess(owner, here, systemLookup);
    // The kernel that a socket was made in knows whether somebody still listens; another one does not.
    if (state !== 'unknown' || owner.socket === undefined || owner.boot === undefined || owner.boot !== here.boot) return state;
    return (await answers(path.join(folder, owner.socket))) ? 'running' : 'gone';
  },
};

/** Undefined where sockets cannot be made: on some file systems, or with a path longer than the system takes. */
function listenAt(file: string): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer((connection) => connection.destroy());
    server.once('error', () => resolve(undefined));
    server.listen(file, () => resolve(server));
    // Waiting for others is no reason to go on living.
    server.unref();
  });
}

/** Connecting is answered by the kernel, however busy the process is. */
function answers(file: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection(file);
    connection.once('connect', () => {
      connection.destroy();
      resolve(true);
    });
    connection.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'));
  });
}
