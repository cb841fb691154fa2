import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handWrittenReport } from '../__fixtures__/hand-written-report.ts';
import { browserMissing, openBrowser } from '../__fixtures__/open-browser.ts';
import type { LiveMessage } from '../data/live-message.ts';
import { reportOf } from '../data/report-of.ts';
import { renderPage } from '../render/render-page.ts';

if (browserMissing !== undefined) console.warn(`skipped: the page is not opened: ${browserMissing}`);

const MEGABYTE = 2 ** 20;
const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;

describe.skipIf(browserMissing !== undefined)(
  `the page in Debian's Chromium${browserMissing === undefined ? '' : ` (${browserMissing})`}`,
  () => {
    let browser: Browser;
    let folder: string;
    let url: string;
    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'nnm report '));
      const file = path.join(folder, 'report.html');
      const html = await renderPage(handWrittenReport);
      expect(html.length).toBeLessThan(2 * MEGABYTE);
      await writeFile(file, html);
      url = pathToFileURL(file).href;
      browser = await openBrowser();
    });
    afterAll(async () => {
      await browser?.close();
      await rm(folder, { recursive: true, force: true });
    });

    /** Open the page, and hear everything that it complains about or asks for. */
    async function open(
      options: BrowserContextOptions = { viewport: SIZES.desktop },
    ): Promise<{ page: Page; said: string[]; close(): Promise<void> }> {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      const said: string[] = [];
      page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => said.push(`error: ${error.message}`));
      page.on('request', (request) => {
        if (request.url() !== url && !request.url().startsWith('data:')) said.push(`request: ${request.url()}`);
      });
      await page.goto(url);
      await page.waitForSelector('#report[data-ready]', { state: 'attached' });
      return { page, said, close: () => context.close() };
    }

    const marks = (page: Page, chart: string, mark: string): Promise<number> =>
      page
        .locator('figure.chart', { has: page.getByRole('heading', { name: chart, exact: true }) })
        .locator(`g.${mark} > *`)
        .count();

    it('shows every record as a mark, complains about nothing and asks nobody for anything', async () => {
      const { page, said, close } = await open();
      expect(await page.title()).toBe('Written by hand </script><b>& · nnm');
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Written by hand </script><b>&');
      await page.waitForSelector('figure.chart svg');
      expect(await marks(page, 'Predicted against measured', 'configurations')).toBe(60);
      expect(await marks(page, 'Predictions within ±10 % of the measured latency', 'hold-out')).toBe(2);
      expect(await marks(page, 'Predictions within ±10 % of the measured latency', 'ceiling')).toBe(2);
      expect(await marks(page, 'Learning curve', 'hold-out')).toBe(2);
      expect(await marks(page, 'Latency landscape', 'cells')).toBe(14);
      expect(await marks(page, 'How quiet the machine was', 'visits')).toBe(30);
      expect(await marks(page, 'From start to end', 'spans')).toBe(4);
      expect(await marks(page, 'Parts by cost', 'parts')).toBe(4);
      expect(await marks(page, 'From start to end', 'gaps')).toBe(1);
      expect(await marks(page, 'By kernel', 'kernel-parts')).toBe(4);
      expect(await marks(page, 'Change of the latency', 'kernels')).toBe(2);
      // Rows that their predictor had not seen: the hold-out and the second round, against both keys and the first feature.
      const panels = page.locator('.panel');
      expect(await panels.count()).toBe(3);
      expect(await panels.first().locator('g.configurations > *').count()).toBe(40);
      expect(said).toEqual([]);
      await close();
    });

    it('shows another kernel, by mouse and by keyboard', async () => {
      const { page, close } = await open();
      await page.getByRole('button', { name: 'Next kernel' }).click();
      expect(await page.locator('#kernel').textContent()).toBe('other');
      await page.waitForFunction(() => document.querySelectorAll('g.configurations')[0]?.childElementCount === 24);
      await page.getByRole('button', { name: 'Previous kernel' }).focus();
      await page.keyboard.press('Enter');
      expect(await page.locator('#kernel').textContent()).toBe('one');
      await close();
    });

    it('tables sort by every column, filter, and are copied as CSV', async () => {
      const { page, close } = await open({ viewport: SIZES.desktop, permissions: ['clipboard-read', 'clipboard-write'] });
      const block = page.locator('.table-block', { has: page.getByRole('region', { name: 'Configurations of one' }) });
      const cell = (row: number, column: number): Promise<string | null> =>
        block.locator('tbody tr').nth(row).locator('td').nth(column).textContent();
      expect(await block.locator('tbody tr').count()).toBe(50);
      await block.getByRole('button', { name: /^Show all 60/ }).click();
      expect(await block.locator('tbody tr').count()).toBe(60);
      const header = block.locator('th', { hasText: 'measured, ms' });
      await header.getByRole('button').click();
      expect(await header.getAttribute('aria-sort')).toBe('ascending');
      const smallest = Math.min(...(handWrittenReport.kernels[0]?.rows ?? []).map(({ measuredMs }) => measuredMs));
      expect(Number.parseFloat((await cell(0, 4)) ?? '')).toBe(smallest);
      await header.getByRole('button').click();
      expect(await header.getAttribute('aria-sort')).toBe('descending');
      expect(Number.parseFloat((await cell(59, 4)) ?? '')).toBe(smallest);
      await block.getByRole('searchbox').fill('hold-out HW=56');
      expect(await block.getByRole('status').textContent()).toBe('5 of 60 rows');
      await block.getByRole('button', { name: 'Copy CSV' }).click();
      await block.getByText('Copied 5 rows').waitFor();
      const copied = (await page.evaluate(() => navigator.clipboard.readText())).split('\r\n');
      expect(copied[0]).toBe('id,round,HW,CIN,"measured, ms",scatter,"predicted, ms",error,predictor had,flags');
      expect(copied).toHaveLength(6);
      await close();
    });

    it.each(['desktop', 'phone'] as const)(
      'nothing is wider than a %s, and axe finds nothing serious in light and in dark',
      async (size) => {
        const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
        for (const colorScheme of ['light', 'dark'] as const) {
          // The policy of the page keeps tools out, too.
          const { page, close } = await open({ viewport: SIZES[size], colorScheme, bypassCSP: true });
          await page.locator('details:not([open]) > summary').click();
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(SIZES[size].width);
          await page.evaluate(axe);
          const found = await page.evaluate(async () => {
            const { axe: tool } = globalThis as unknown as {
              axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
            };
            return (await tool.run()).violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0]?.html}`);
          });
          expect(found.filter((violation) => /^(serious|critical)/.test(violation))).toEqual([]);
          await close();
        }
      },
    );

    it('follows a running build from nothing to its end', async () => {
      const html = await renderPage(reportOf({ title: 'growing' }), { live: 'events' });
      let heard: (response: ServerResponse) => void = () => undefined;
      const listening = new Promise<ServerResponse>((resolve) => {
        heard = resolve;
      });
      const server = createServer((request, response) => {
        if (request.url !== '/events') return void response.writeHead(200, { 'content-type': 'text/html' }).end(html);
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.flushHeaders();
        heard(response);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const page = await browser.newPage({ viewport: SIZES.desktop });
      const said: string[] = [];
      page.on('console', (message) => said.push(message.text()));
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      const events = await listening;
      const tell = (message: LiveMessage) => events.write(`data: ${JSON.stringify(message)}\n\n`);
      const [kernel] = handWrittenReport.kernels;
      if (kernel === undefined) throw new Error('the report has no kernel');
      const measuring = {
        messages: ['one prior: 60 configurations chosen'],
        ended: false,
        kernel: 'one',
        mark: 'prior',
        stage: 'measuring',
        done: 3,
        jobs: 60,
      };
      const bare = { ...kernel, rounds: [], landscape: [], rows: kernel.rows.slice(0, 3).map(({ predictedMs: _, ...row }) => row) };
      tell({ state: measuring, kernels: [bare] });
      await page.getByText('3 of 60 measured').waitFor();
      await page.waitForFunction(() => document.querySelectorAll('g.configurations > *').length === 3);
      tell({ state: { ...measuring, ended: true }, kernels: [kernel] });
      await page.getByText('The build has ended').waitFor();
      await page.getByRole('heading', { name: 'Latency landscape' }).waitFor();
      expect(said).toEqual([]);
      await page.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });

    it('changes its colours by the switch, whatever the system says', async () => {
      const { page, close } = await open({ viewport: SIZES.desktop, colorScheme: 'dark' });
      const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const dark = await background();
      await page.getByRole('button', { name: /^Colours: system/ }).click();
      expect(await background()).not.toBe(dark);
      await page.getByRole('button', { name: /^Colours: light/ }).click();
      expect(await background()).toBe(dark);
      await close();
    });

    it('is printed without its tools', async () => {
      const { page, close } = await open();
      await page.emulateMedia({ media: 'print' });
      expect(await page.getByRole('button', { name: /^Colours/ }).isVisible()).toBe(false);
      expect(await page.locator('figure.chart').first().isVisible()).toBe(true);
      // A sheet of A4 is this wide; what does not fit is lost.
      await page.setViewportSize({ width: 794, height: 1123 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(794);
      await close();
    });
  },
);
