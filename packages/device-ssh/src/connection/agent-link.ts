import type { DeviceFacts, DeviceFinding, HostDeath, HostListener, HostTransport, Pinning } from '@nnm/core';
import { FrameReader, writeFrame } from '../frames.ts';
import { type FromAgent, PING_MS, SILENCE_MS, type ToAgent } from '../protocol.ts';
import type { SshSettings } from '../settings.ts';
import { explainEnd } from './explain-end.ts';
import { type ChannelEnd, SshChannel } from './ssh-channel.ts';

/** How long an agent that was asked to end may take before the connection is cut. */
const END_MS = 3000;

/** The connection to an agent that measures, as the engine's transport: one host, which ends with it. */
export class AgentLink implements HostTransport {
  private readonly channel: SshChannel;
  private readonly reader = new FrameReader();
  private readonly pings: NodeJS.Timeout;
  private greet: (facts: DeviceFacts) => void = () => undefined;
  /** Who waits to hear of pinning, in the order in which they asked: over a slow link several do. */
  private readonly pins: ((pinning: Pinning) => void)[] = [];
  private found: (findings: readonly DeviceFinding[]) => void = () => undefined;
  /** Pings since anything was heard. */
  private unanswered = 0;
  private death: HostDeath | undefined;
  private over = false;
  private hasReplied = false;
  /** What the agent says first; undefined when the connection ended before. */
  readonly hello: Promise<DeviceFacts | undefined>;
  /** How the connection ended. */
  readonly closed: Promise<ChannelEnd>;
  readonly ended: Promise<void>;

  constructor(
    private readonly settings: SshSettings,
    command: (token: string) => string,
    private readonly listener: HostListener,
  ) {
    this.channel = new SshChannel(settings, command, (chunk) => this.read(chunk));
    this.closed = this.channel.ended;
    this.hello = Promise.race([
      new Promise<DeviceFacts>((resolve) => {
        this.greet = resolve;
      }),
      this.closed.then(() => undefined),
    ]);
    this.ended = this.closed.then((end) => {
      clearInterval(this.pings);
      this.over = true;
      for (const tell of this.pins.splice(0)) tell({ notPinned: 'the connection ended' });
      this.found([]);
      this.listener.end(this.death ?? { code: 'ERR_DEVICE_AWAY', reason: `lost its connection: ${explainEnd(end, this.settings).reason}` });
    });
    this.pings = setInterval(() => this.watch(), PING_MS);
    this.pings.unref();
  }

  get hasEnded(): boolean {
    return this.over;
  }

  /** True once the host has answered anything. */
  get hasAnswered(): boolean {
    return this.hasReplied;
  }

  send(message: object, model?: Uint8Array): void {
    this.say({ type: 'request', message, ...(model !== undefined && { model }) });
  }

  kill(death: HostDeath = { code: 'ERR_KERNEL_KILLED', reason: 'was stopped' }): void {
    this.death ??= death;
    this.say({ type: 'end' });
    this.channel.finish();
    // The agent ends its host and then itself; where it cannot, the connection is cut, which it notices once it can.
    const cut = setTimeout(() => this.channel.kill(), END_MS);
    void this.closed.then(() => clearTimeout(cut));
  }

  pin(threads: number): Promise<Pinning> {
    if (this.over) return Promise.resolve({ notPinned: 'the connection ended' });
    return new Promise((resolve) => {
      this.pins.push(resolve);
      this.say({ type: 'pin', threads });
    });
  }

  /** What the sensors of the board say; none when the connection ends first. */
  check(): Promise<readonly DeviceFinding[]> {
    return new Promise((resolve) => {
      this.found = resolve;
      this.say({ type: 'check' });
    });
  }

  private say(message: ToAgent): void {
    if (!this.over) void this.channel.write(...writeFrame(message));
  }

  private read(chunk: Buffer): void {
    this.unanswered = 0;
    let messages: readonly unknown[];
    try {
      messages = this.reader.push(chunk);
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
      this.death ??= { code: 'ERR_DEVICE_AWAY', reason: 'sent something that is no message: another program writes to its connection' };
      this.channel.kill();
      return;
    }
    for (const message of messages) this.take(message as FromAgent);
  }

  private take(message: FromAgent): void {
    switch (message.type) {
      case 'hello':
        this.greet(message.facts);
        break;
      case 'reply':
        this.hasReplied = true;
        this.listener.message(message.message);
        break;
      case 'pinned':
        this.pins.shift()?.(message.pinning);
        break;
      case 'findings':
        this.found(message.findings);
        break;
      case 'died': {
        const { code, reason } = message.death;
        this.death ??= { code, reason: `lost its profiling process, which ${reason},` };
        break;
      }
      case 'pong':
        break;
    }
  }

  private watch(): void {
    // Not by a clock: while this process was busy or asleep, nothing was read.
    if (this.unanswered++ < SILENCE_MS / PING_MS) {
      this.say({ type: 'ping' });
      return;
    }
    this.death ??= { code: 'ERR_DEVICE_AWAY', reason: `did not answer for ${SILENCE_MS / 1000} s` };
    this.channel.kill();
  }
}
