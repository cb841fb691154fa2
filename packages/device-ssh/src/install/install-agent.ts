import { DeviceUnavailableError } from '@nnm/core';
import { explainEnd, noNode, unavailable } from '../connection/explain-end.ts';
import { SshChannel } from '../connection/ssh-channel.ts';
import type { PackedAgent } from '../pack/packed-file.ts';
import type { SshSettings } from '../settings.ts';
import { type BoardAbout, boardProgram, greetingCommand } from './board-command.ts';
import type { BoardAnswer, BoardPlan } from './on-board.ts';

/** The oldest Node.js that agents run on. */
const OLDEST = [20, 12] as const;

/** A connection to the program on the board that receives, finds and deletes. */
export class BoardSession {
  private readonly channel: SshChannel;
  private text = '';
  private readonly lines: string[] = [];
  private waiting: ((line: string | undefined) => void) | undefined;

  private constructor(private readonly settings: SshSettings) {
    this.channel = new SshChannel(
      settings,
      (token) => greetingCommand(settings.node, token),
      (chunk) => this.read(chunk),
    );
    void this.channel.ended.then(() => this.waiting?.(undefined));
  }

  /**
   * Connect to a board and hear what it is.
   *
   * @param signal - ends the connection, also while it comes about
   * @throws {@link DeviceUnavailableError} when it cannot be reached, does not let us in, or has no Node that is new enough
   */
  static async open(settings: SshSettings, signal?: AbortSignal): Promise<{ readonly session: BoardSession; readonly about: BoardAbout }> {
    const session = new BoardSession(settings);
    signal?.addEventListener('abort', () => session.close(), { once: true });
    try {
      const about = await session.next<BoardAbout>();
      const [major = 0, minor = 0] = about.node.split('.').map(Number);
      if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
        throw unavailable(
          {
            reason: `its Node.js is ${about.node}, and measuring needs ${OLDEST.join('.')} or newer`,
            hint: `${noNode(settings).hint}`,
          },
          settings,
        );
      }
      return { session, about };
    } catch (error) {
      session.close();
      throw error;
    }
  }

  /** Send a plan, and its answer's. @throws {@link DeviceUnavailableError} */
  async ask<T extends BoardAnswer>(plan: BoardPlan): Promise<T> {
    const program = Buffer.from(boardProgram());
    const encoded = Buffer.from(JSON.stringify(plan));
    await this.channel.write(lengthOf(program), program, lengthOf(encoded), encoded);
    return this.answer<T>();
  }

  /** The next answer. @throws {@link DeviceUnavailableError} for one that is an error, and when the connection ends */
  async answer<T extends BoardAnswer>(): Promise<T> {
    const answer = await this.next<BoardAnswer>();
    if ('error' in answer) throw this.boardError(answer.error);
    return answer as T;
  }

  send(bytes: Uint8Array): Promise<void> {
    return this.channel.write(bytes);
  }

  close(): void {
    this.channel.finish();
    this.channel.kill();
  }

  private async next<T>(): Promise<T> {
    const line =
      this.lines.shift() ??
      (this.channel.hasEnded
        ? undefined
        : await new Promise<string | undefined>((resolve) => {
            this.waiting = resolve;
          }));
    this.waiting = undefined;
    if (line !== undefined) return JSON.parse(line) as T;
    throw new BoardLostError(this.settings, explainEnd(await this.channel.ended, this.settings));
  }

  private read(chunk: Buffer): void {
    this.text += chunk.toString('utf8');
    const lines = this.text.split('\n');
    this.text = lines.pop()!;
    this.lines.push(...lines);
    if (this.waiting !== undefined && this.lines.length > 0) this.waiting(this.lines.shift());
  }

  private boardError({ code, message, path }: { readonly code: string; readonly message: string; readonly path: string }): Error {
    const { folder, node } = this.settings;
    const where = path === '' ? folder : path;
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      return unavailable(
        {
          reason: `its storage is full: ${where} cannot be written`,
          hint: `Make room there, or name a folder on another disk of the board by SSH_FOLDER. \`nnm device remove\` deletes what nnm has put there.`,
        },
        this.settings,
      );
    }
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
      return unavailable(
        {
          reason: `its user may not write ${where} (${code})`,
          hint: 'Name a folder there that this user may write by SSH_FOLDER in configs/backend_config.yaml.',
        },
        this.settings,
      );
    }
    return unavailable(
      {
        reason: `what nnm keeps there cannot be put in place (${message})`,
        hint: `Run \`${node}\` on the board by hand, and see whether it can write ${where}.`,
      },
      this.settings,
    );
  }
}

/** The connection broke, or did not come about; another try may succeed where it may come back. */
export class BoardLostError extends DeviceUnavailableError {
  readonly mayComeBack: boolean;
  constructor({ address }: SshSettings, { reason, hint, mayComeBack }: ReturnType<typeof explainEnd>) {
    super({ device: address, reason, hint });
    this.mayComeBack = mayComeBack;
  }
}

/**
 * Bring an agent to a board: what is there by its hash stays, what is missing is copied, and everything is checked by hash there.
 *
 * @param onCopy - told of how many bytes are about to be copied, where there are any
 * @returns the folder of the agent on the board
 * @throws {@link DeviceUnavailableError}
 */
export async function installAgent(
  session: BoardSession,
  { id, files }: PackedAgent,
  root: string,
  onCopy: (sizeBytes: number) => void,
): Promise<string> {
  const planned = files.map(({ path, sha256, sizeBytes }) => ({ path, sha256, sizeBytes }));
  const { missing } = await session.ask<{ missing: readonly number[] }>({ do: 'receive', root, id, files: planned });
  const wanted = missing.map((index) => files[index]!);
  if (wanted.length > 0) onCopy(wanted.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  const placed = session.answer<{ folder: string }>();
  placed.catch(() => undefined); // awaited below
  for (const { content } of wanted) await session.send(content);
  return (await placed).folder;
}

function lengthOf(bytes: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.byteLength);
  return length;
}
