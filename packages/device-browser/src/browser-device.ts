import { cpus, totalmem } from 'node:os';
import {
  type AnyBackend,
  type BrowserRuntime,
  type Device,
  type DeviceHost,
  DeviceLostError,
  DeviceUnavailableError,
  type HostListener,
  Notices,
} from '@nnm/core';
import { factsOf } from './facts.ts';
import { findBrowser } from './launch/find-browser.ts';
import { launchChromium } from './launch/launch-chromium.ts';
import { launchFirefox } from './launch/launch-firefox.ts';
import { type ReversedPort, reversePort } from './launch/reverse-port.ts';
import type { StartedBrowser } from './launch/started-browser.ts';
import type { PageParts } from './page-parts.ts';
import { PageFiles, RUNTIME_PATH } from './server/page-files.ts';
import { PageSeat } from './server/page-seat.ts';
import { PageServer } from './server/page-server.ts';
import type { BrowserSettings } from './settings.ts';
import { describeLink } from './show-link.ts';

/** A browser on this machine or elsewhere, as the device of one backend: a server, its page, and the browser if nnm starts it. */
export class BrowserDevice implements Device {
  readonly id = 'browser';
  private server: Promise<PageServer> | undefined;
  private starting: Promise<StartedBrowser> | undefined;
  private reversed: ReversedPort | undefined;
  private readonly seat: PageSeat;
  private readonly notices = new Notices();

  constructor(
    private readonly settings: BrowserSettings,
    private readonly backend: AnyBackend,
    private readonly readParts: () => Promise<PageParts> = readBuiltParts,
  ) {
    this.seat = new PageSeat((hidden) => {
      if (hidden) this.notices.tell('The page is hidden: nothing is measured until its tab is in front again.');
    });
  }

  get patienceMs(): number {
    return this.settings.waitMs;
  }

  onNotice(listener: (text: string) => void): void {
    this.notices.listen(listener);
  }

  async connect(listener: HostListener): Promise<DeviceHost> {
    const server = await this.serve();
    const isLink = this.settings.browser === 'link';
    const ended = new AbortController();
    let endReason = '';
    const browser = isLink ? undefined : await this.launch(server);
    void browser?.ended.then((reason) => {
      endReason = reason;
      ended.abort();
    });
    const link = await this.seat.whenVisible(this.settings.waitMs, ended.signal);
    if (link === undefined) {
      if (ended.signal.aborted) {
        throw new DeviceLostError({ device: this.id, death: { code: 'ERR_KERNEL_CRASHED', reason: endReason } });
      }
      throw this.nobodyCame(server);
    }
    const transport = await link.startHost(listener);
    const own = browser === undefined ? undefined : thisMachine();
    return { transport, facts: factsOf(link.about, own), runtime: RUNTIME_PATH };
  }

  async close(): Promise<void> {
    const { server, starting, reversed } = this;
    this.server = undefined;
    this.reversed = undefined;
    this.starting = undefined;
    this.seat.dismiss();
    await reversed?.close();
    await starting?.then(
      (browser) => browser.close(),
      () => undefined, // it had not started, which whoever waited for it was told
    );
    await server?.then(
      (one) => one.close(),
      () => undefined, // nor had this
    );
  }

  private serve(): Promise<PageServer> {
    this.server ??= this.startServer().catch((error: unknown) => {
      this.server = undefined;
      throw error;
    });
    return this.server;
  }

  private async startServer(): Promise<PageServer> {
    const { port, lan } = this.settings;
    const files = new PageFiles(this.backend.id, this.backend.browser as BrowserRuntime, await this.readParts());
    // What cannot be served is told here, not by a page that waits for it.
    await files.runtimeModule();
    const server = new PageServer({ port, lan, files, onConnection: (socket) => this.seat.join(socket) });
    await server.listen();
    if (this.settings.phone !== undefined) await this.openOnPhone(server, this.settings.phone.serial);
    else if (this.settings.browser === 'link') this.notices.tell(await describeLink(server.localLink, server.lanLinks, server.port));
    return server;
  }

  private async openOnPhone(server: PageServer, serial: string | undefined): Promise<void> {
    try {
      this.reversed = await reversePort(serial, server.port, server.localLink);
    } catch (error) {
      await server.close();
      throw error;
    }
    this.notices.tell('The page is opened in the browser of the phone: unlock it, and keep its tab in front.');
  }

  private launch(server: PageServer): Promise<StartedBrowser> {
    this.starting ??= this.startBrowser(server).catch((error: unknown) => {
      this.starting = undefined;
      throw error;
    });
    return this.starting;
  }

  private async startBrowser(server: PageServer): Promise<StartedBrowser> {
    const { browser: wanted, args, window } = this.settings;
    const { file, family } = findBrowser(wanted);
    const launch = family === 'firefox' ? launchFirefox : launchChromium;
    const browser = await launch({ file, args, window, url: server.ownLink });
    void browser.ended.then(async (reason) => {
      if ((await this.starting) === browser) this.starting = undefined;
      this.seat.empty({ code: 'ERR_KERNEL_CRASHED', reason });
      await browser.close();
    });
    return browser;
  }

  private nobodyCame(server: PageServer): DeviceUnavailableError {
    const seconds = this.settings.waitMs / 1000;
    const isHidden = this.seat.isTaken;
    return new DeviceUnavailableError({
      device: this.id,
      reason: isHidden ? `its page was hidden for ${seconds} s` : `no browser opened its page within ${seconds} s`,
      hint: isHidden
        ? 'Bring its tab to the front and run the same command again. WAIT_S in configs/backend_config.yaml waits longer.'
        : `Open ${server.lanLinks[0] ?? server.localLink} while nnm runs. WAIT_S in configs/backend_config.yaml waits longer.`,
    });
  }
}

async function readBuiltParts(): Promise<PageParts> {
  const { readPageParts } = await import('@nnm/device-browser/page-parts');
  return readPageParts();
}

function thisMachine() {
  return { cpu: cpus()[0]?.model.trim() ?? 'unknown', memoryBytes: totalmem(), platform: process.platform, arch: process.arch };
}
