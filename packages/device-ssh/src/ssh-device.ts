import { setTimeout as sleep } from 'node:timers/promises';
import { type AnyBackend, type Device, type DeviceHost, DeviceLostError, type HostDeath, type HostListener, Notices } from '@nnm/core';
import { AgentLink } from './connection/agent-link.ts';
import { explainEnd, unavailable } from './connection/explain-end.ts';
import { agentCommand } from './install/board-command.ts';
import { BoardLostError, BoardSession } from './install/install-agent.ts';
import type { AgentPlace } from './install/locate-agent.ts';
import { prepareAgent } from './install/prepare-agent.ts';
import type { SshSettings } from './settings.ts';

/** Copying a backend over a slow network may take so long. */
const COPY_MS = 600_000;
/** Between two tries to reach a board that went away. */
const RETRY_MS = 2000;
/** Connections in a row that broke before anything was answered: what is measured then has its share in it. */
const LOST_IN_A_ROW = 3;

/** A board over ssh, as the device of one backend. */
export class SshDevice implements Device {
  readonly id: string;
  private place: Promise<Required<AgentPlace>> | undefined;
  private readonly links = new Set<AgentLink>();
  private readonly notices = new Notices();
  private wasThere = false;
  private lostInARow = 0;
  private closing = new AbortController();

  constructor(
    private readonly settings: SshSettings,
    private readonly backend: AnyBackend,
  ) {
    this.id = settings.address;
  }

  get patienceMs(): number {
    return COPY_MS + this.settings.waitMs;
  }

  onNotice(listener: (text: string) => void): void {
    this.notices.listen(listener);
  }

  async connect(listener: HostListener): Promise<DeviceHost> {
    const deadline = performance.now() + (this.wasThere ? this.settings.waitMs : 0);
    for (let isToldOf = false; ; ) {
      try {
        return await this.tryToConnect(listener);
      } catch (error) {
        if (!(error instanceof BoardLostError) || !error.mayComeBack || performance.now() > deadline) throw error;
        if (!isToldOf) this.notices.tell(`${error.message} Waiting for it, ${this.settings.waitMs / 1000} s at most (SSH_WAIT_S).`);
        isToldOf = true;
        await sleep(RETRY_MS, undefined, { signal: this.closing.signal });
      }
    }
  }

  async close(): Promise<void> {
    this.place = undefined;
    this.closing.abort();
    this.closing = new AbortController();
    await Promise.all(
      [...this.links].map((link) => {
        link.kill();
        return link.ended;
      }),
    );
  }

  private async tryToConnect(listener: HostListener): Promise<DeviceHost> {
    const { settings } = this;
    const { agent, runtime } = await this.prepare();
    const link = new AgentLink(settings, (token) => agentCommand(settings.node, agent, token), {
      message: (message) => {
        this.lostInARow = 0;
        listener.message(message);
      },
      end: (death) => {
        this.links.delete(link);
        listener.end(this.judge(death));
      },
    });
    this.links.add(link);
    const facts = await link.hello;
    if (facts !== undefined) {
      this.wasThere = true;
      return {
        transport: link,
        facts: { ...facts, unit: settings.address },
        runtime: fileUrl(runtime),
        pin: (threads) => link.pin(threads),
      };
    }
    // What was put there may be gone: the next try looks.
    this.place = undefined;
    const end = await link.closed;
    const why = explainEnd(end, settings);
    if (end.exitCode === 255 || end.exitCode === null) throw new BoardLostError(settings, why);
    if (!this.wasThere) throw unavailable(why, settings);
    throw new DeviceLostError({ device: this.id, death: { code: 'ERR_KERNEL_CRASHED', reason: `did not start its agent: ${why.reason}` } });
  }

  private prepare(): Promise<Required<AgentPlace>> {
    this.place ??= this.putInPlace().catch((error: unknown) => {
      this.place = undefined;
      throw error;
    });
    return this.place;
  }

  private async putInPlace(): Promise<Required<AgentPlace>> {
    const { session, about } = await BoardSession.open(this.settings, this.closing.signal);
    try {
      const place = await prepareAgent(session, about, this.settings, this.backend, (text) => this.notices.tell(text));
      return { agent: place.agent, runtime: place.runtime! };
    } finally {
      session.close();
    }
  }

  /** Links break by themselves; one that breaks again and again before anything is answered is broken by what is measured. */
  private judge(death: HostDeath): HostDeath {
    if (death.code !== 'ERR_DEVICE_AWAY') return death;
    this.lostInARow++;
    if (this.lostInARow < LOST_IN_A_ROW) return death;
    return { code: 'ERR_KERNEL_CRASHED', reason: `${death.reason}, ${this.lostInARow} times in a row` };
  }
}

/** The URL by which a Node imports a file of its machine, which is not this one. */
function fileUrl(path: string): string {
  return `file://${path.split('/').map(encodeURIComponent).join('/')}`;
}
