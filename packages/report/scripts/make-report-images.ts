// Makes the pictures of docs/images from a report that `nnm report` has written: `npm run make:report-images -- <report.html>`.
// report.webp is its first screen, the others are charts of it. Needs Debian's Chromium.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { browserMissing, openBrowser } from '../src/__fixtures__/open-browser.ts';

const SCREEN = { width: 1240, height: 1130 };
const CHART_SCREEN = { width: 1000, height: 900 };
const QUALITY = 82;
/** Names of pictures, and the charts that stand in them side by side. */
const CHARTS: Readonly<Record<string, readonly string[]>> = {
  'staircase.webp': ['Latency landscape', 'Staircase'],
  'accuracy.webp': ['Predicted against measured', 'Learning curve'],
  'noise.webp': ['How quiet the machine was'],
};
const folder = new URL('../../../docs/images/', import.meta.url);

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Name the report: npm run make:report-images -- <report.html>');
if (browserMissing !== undefined) throw new Error(browserMissing);
await mkdir(folder, { recursive: true });
const browser = await openBrowser();

const screen = await open(SCREEN);
// The charts are what a report is known by: the summary, the first kernel's fit, and its landscape.
await screen.addStyleTag({
  content:
    'section[aria-labelledby="accuracy"] { display: none } main { zoom: .7 } header { padding: 16px 0 12px } #report { max-width: none }',
});
await save(screen, 'report.webp');

const whole = await open(CHART_SCREEN);
for (const [name, titles] of Object.entries(CHARTS)) await save(whole, name, await areaOf(whole, titles));
await browser.close();

/** The report, with its charts drawn. */
async function open(viewport: typeof SCREEN): Promise<Page> {
  const page = await browser.newPage({ viewport, colorScheme: 'light' });
  await page.goto(pathToFileURL(path.resolve(file as string)).href);
  await page.waitForFunction(() => document.querySelectorAll('figure.chart svg').length > 3);
  return page;
}

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The part of the page that holds these charts. */
async function areaOf(page: Page, titles: readonly string[]): Promise<Area> {
  const boxes: Area[] = [];
  for (const title of titles) {
    const chart = page.locator('figure.chart', { has: page.getByRole('heading', { name: title, exact: true }) }).first();
    const box = await chart.evaluate((figure) => {
      const { left, top, width, height } = figure.getBoundingClientRect();
      return { x: left + scrollX, y: top + scrollY, width, height };
    });
    boxes.push(box);
  }
  const [x, y] = [Math.min(...boxes.map((box) => box.x)), Math.min(...boxes.map((box) => box.y))];
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x: x - 8, y: y - 8, width: right - x + 16, height: bottom - y + 16 };
}

/** Write a picture of the first screen, or of a part of the page. */
async function save(page: Page, name: string, area?: Area): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const clip = area && { ...area, scale: 1 };
  const { data } = await session.send('Page.captureScreenshot', {
    format: 'webp',
    quality: QUALITY,
    ...(clip && { clip, captureBeyondViewport: true }),
  });
  await writeFile(new URL(name, folder), Buffer.from(data, 'base64'));
}
