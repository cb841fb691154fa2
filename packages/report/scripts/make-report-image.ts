// Makes docs/images/report.webp, the picture of a report in the README: `npm run make:report-image -- <report.html>`.
// Needs Debian's Chromium; the report is one that `nnm report` has written.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { browserMissing, openBrowser } from '../src/__fixtures__/open-browser.ts';

const SIZE = { width: 1240, height: 1130 };
const target = new URL('../../../docs/images/report.webp', import.meta.url);

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Name the report: npm run make:report-image -- <report.html>');
if (browserMissing !== undefined) throw new Error(browserMissing);
const browser = await openBrowser();
const page = await browser.newPage({ viewport: SIZE, colorScheme: 'light' });
await page.goto(pathToFileURL(path.resolve(file)).href);
await page.waitForSelector('figure.chart svg');
// The charts are what a report is known by: the summary, the first kernel's fit, and its landscape.
await page.addStyleTag({
  content:
    'section[aria-labelledby="accuracy"] { display: none } main { zoom: .7 } header { padding: 16px 0 12px } #report { max-width: none }',
});
await page.waitForFunction(() => document.querySelectorAll('figure.chart svg').length > 3);
const session = await page.context().newCDPSession(page);
const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 82 });
await mkdir(new URL('.', target), { recursive: true });
await writeFile(target, Buffer.from(data, 'base64'));
await browser.close();
