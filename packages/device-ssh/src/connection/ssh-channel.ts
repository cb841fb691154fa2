import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { markLine } from '../protocol.ts';
import type { SshSettings } from '../settings.ts';

/** How a connection ended. */
export interface ChannelEnd {
  /** Of the ssh client, which passes on that of the command; 255 is its own. Null after a signal. */
  readonly exitCode: number | null;
  /** The end of what the client, and the board's own programs, wrote to their error output. */
  readonly said: string;
  /** The program `ssh` could not be started: the system's code, such as `ENOENT`. */
  readonly notStarted?: string;
  /** The program on the board had begun to speak. */
  readonly wasReady: boolean;
}

const SAID_KEPT = 4000;
/** Text before the mark that is kept to find it in; login shells print more than that only for fun. */
const BEFORE_KEPT = 64 * 1024;
/** How long output of a client that has ended may still come. */
const REST_MS = 500;

/** Seconds: for the connection to come about, between signs of life, and how many of those may be missed. */
const LIMITS = { connect: 15, alive: 5, missed: 3 } as const;

/** The options of every connection: nobody is there to answer a question, and a dead link is noticed. */
function clientArguments({ host, user, port, config }: SshSettings, command: string): readonly string[] {
  const options = {
    BatchMode: 'yes',
    ConnectTimeout: LIMITS.connect,
    ServerAliveInterval: LIMITS.alive,
    ServerAliveCountMax: LIMITS.missed,
    // A connection that others may share is used, but none is left behind.
    ControlMaster: 'no',
    ClearAllForwardings: 'yes',
    RemoteCommand: 'none',
    RequestTTY: 'no',
  };
  return [
    ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    ...(config === undefined ? [] : ['-F', config]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...(user === undefined ? [] : ['-l', user]),
    '--',
    host,
    command,
  ];
}

/** A program on a board, by the system's own ssh client: its standard input and output once it has begun to speak. */
export class SshChannel {
  private readonly child: ChildProcessWithoutNullStreams;
  private before = '';
  private isReady = false;
  private said = '';
  private over = false;
  /** Settles once the connection has ended and all that came is read. */
  readonly ended: Promise<ChannelEnd>;

  /**
   * @param command - makes the command from the token that its program says first, in {@link markLine}
   * @param onData - hears everything behind that
   */
  constructor(settings: SshSettings, command: (token: string) => string, onData: (chunk: Buffer) => void) {
    const token = randomBytes(9).toString('hex');
    const mark = Buffer.from(`${markLine(token)}\n`).toString('latin1');
    const child = spawn('ssh', clientArguments(settings, command(token)), { stdio: 'pipe', windowsHide: true });
    this.child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.said = (this.said + text).slice(-SAID_KEPT);
    });
    child.stdout.on('data', (chunk: Buffer) => {
      if (this.isReady) {
        onData(chunk);
        return;
      }
      // Bytes as letters: what comes before the mark may be anything.
      this.before += chunk.toString('latin1');
      const at = this.before.indexOf(mark);
      if (at < 0) {
        this.before = this.before.slice(-BEFORE_KEPT);
        return;
      }
      this.isReady = true;
      const rest = Buffer.from(this.before.slice(at + mark.length), 'latin1');
      this.before = '';
      if (rest.length > 0) onData(rest);
    });
    child.stdin.on('error', () => undefined); // the end of the connection says it
    this.ended = new Promise((resolve) => {
      const finish = (exitCode: number | null, notStarted?: string): void => {
        if (this.over) return;
        this.over = true;
        // A shell that complains on its standard output, as some do, is heard too.
        const said = this.isReady || this.said.trim() !== '' ? this.said : this.before.slice(-SAID_KEPT);
        resolve({ exitCode, said, wasReady: this.isReady, ...(notStarted !== undefined && { notStarted }) });
      };
      child.on('close', (code) => finish(code));
      // A client that was shared stays in the background with its error output.
      child.on('exit', (code) => setTimeout(() => finish(code), REST_MS));
      child.on('error', (error: NodeJS.ErrnoException) => {
        if (child.pid === undefined) finish(null, error.code ?? error.message);
      });
    });
  }

  get hasEnded(): boolean {
    return this.over;
  }

  /** @returns settles when there is room for more */
  write(...pieces: readonly Uint8Array[]): Promise<void> {
    let hasRoom = true;
    for (const bytes of pieces) hasRoom = this.child.stdin.write(bytes);
    if (hasRoom || this.over) return Promise.resolve();
    return Promise.race([new Promise<void>((resolve) => this.child.stdin.once('drain', resolve)), this.ended.then(() => undefined)]);
  }

  /** Nothing more is written. */
  finish(): void {
    this.child.stdin.end();
  }

  /** End the client; what runs on the board sees its input end. */
  kill(): void {
    this.child.kill('SIGKILL');
  }
}
