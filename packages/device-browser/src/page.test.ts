import { placeBackend, Rng, runToEnd } from '@nnm/core';
import { type ProfileEvent, profileKernels } from '@nnm/profiler';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { browserMissing, openChromium } from './__fixtures__/debian-browsers.ts';
import { command, spinning } from './__fixtures__/spinning-backend.ts';
import { BrowserDevice } from './browser-device.ts';
import { readPageParts } from './page-parts.ts';
import { parseBrowserSettings } from './settings.ts';

if (browserMissing !== undefined) console.warn(`skipped: the page for links is not opened: ${browserMissing}`);

describe.skipIf(browserMissing !== undefined)(
  `a page that somebody opens by its link${browserMissing === undefined ? '' : ` (${browserMissing})`}`,
  () => {
    const parts = readPageParts();
    let browser: Browser;
    let context: BrowserContext;
    let device: BrowserDevice;
    beforeAll(async () => {
      browser = await openChromium();
    });
    afterAll(() => browser?.close());
    beforeEach(async () => {
      context = await browser.newContext();
      device = new BrowserDevice(parseBrowserSettings({ BROWSER: 'link' }), spinning, () => parts);
    });
    afterEach(async () => {
      await device.close();
      await context.close();
    });

    /**
     * Measure one kernel; `disturb` is called with the page once it is being measured.
     *
     * @param first - its model as it is delivered first, which never ends by itself
     */
    async function measure(disturb: (page: Page, link: string) => Promise<void>, first = 'wait 600000') {
      const link = new Promise<string>((resolve) => device.onNotice((text) => resolve(/http:\S+/.exec(text)?.[0] ?? '')));
      const reasons: string[] = [];
      const onEvent = (event: ProfileEvent): void => {
        if (event.type === 'retry') reasons.push(event.reason);
      };
      let delivered = 0;
      let begin: () => void = () => undefined;
      const begun = new Promise<void>((resolve) => {
        begin = resolve;
      });
      const model = (): Uint8Array => {
        begin();
        return command(delivered++ === 0 ? first : 'wait 1');
      };
      const run = runToEnd(
        profileKernels([{ id: 'A', hash: 'A', model }], {
          backend: placeBackend(spinning, device),
          settings: {},
          rng: new Rng(1),
          policy: { gate: 0, revisitAfterMs: 0, agreement: 1000, minSlices: 1 },
          levelsFile: false,
        }),
        onEvent,
      );
      const page = await context.newPage();
      await page.goto(await link);
      await begun;
      await disturb(page, await link);
      const { records } = await run;
      expect(records).toMatchObject([{ id: 'A', status: 'ok' }]);
      return { reasons, page };
    }

    it('comes back when it is loaded again', async () => {
      const { reasons } = await measure(async (page) => {
        await page.reload();
      });
      expect(reasons).toEqual([expect.stringMatching(/^The device closed, left or reloaded the page while/)]);
    });

    it('may be closed and opened again by the same browser', async () => {
      const { reasons } = await measure(async (page, link) => {
        await page.close({ runBeforeUnload: true });
        await (await context.newPage()).goto(link);
      });
      expect(reasons).toEqual([expect.stringMatching(/^The device closed, left or reloaded the page while/)]);
    });

    it('is not measured while it is hidden', async () => {
      const { reasons } = await measure(async (page) => {
        const setHidden = (hidden: boolean) =>
          page.evaluate((isHidden) => {
            Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true });
            document.dispatchEvent(new Event('visibilitychange'));
          }, hidden);
        await setHidden(true);
        await page.getByText('Hidden: nothing is measured').waitFor();
        await setHidden(false);
      });
      expect(reasons).toEqual([expect.stringMatching(/^The device hid the page while/)]);
    });

    it('is not measured while its browser has frozen it', async () => {
      const { reasons } = await measure(async (page) => {
        const tell = (name: string) => page.evaluate((event) => void document.dispatchEvent(new Event(event)), name);
        await tell('freeze');
        await tell('resume');
      });
      expect(reasons).toEqual([expect.stringMatching(/^The device hid the page while/)]);
    });

    it('crashes for one visit', async () => {
      const { reasons } = await measure(async (page, link) => {
        await page.goto('chrome://crash').catch((error: Error) => expect(error.message).toMatch(/crash/i));
        await (await context.newPage()).goto(link);
      });
      expect(reasons).toHaveLength(1);
    });

    it('tells a second tab that the first one measures, and the first goes on', async () => {
      const { reasons } = await measure(async (_, link) => {
        const second = await context.newPage();
        await second.goto(link);
        await second.getByText('Another tab measures already.').waitFor();
      }, 'wait 2');
      expect(reasons).toEqual([]);
    });

    it('cannot be used by a page of another origin', async () => {
      await measure(async (_, link) => {
        const stranger = await context.newPage();
        await stranger.goto('data:text/html,<p>another origin</p>');
        const outcome = await stranger.evaluate(
          (url) =>
            new Promise<string>((resolve) => {
              const socket = new WebSocket(url);
              socket.onopen = () => resolve('open');
              socket.onclose = () => resolve('refused');
            }),
          `${link.replace(/^http/, 'ws').replace(/\/\?.*/, '/socket')}`,
        );
        expect(outcome).toBe('refused');
      }, 'wait 2');
    });

    it('says when nnm has finished', async () => {
      const { page } = await measure(async () => undefined, 'wait 2');
      await device.close();
      await page.getByText(/nnm has finished|Waiting for nnm/).waitFor();
    });
  },
);
