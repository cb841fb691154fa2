import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { handWrittenReport } from '../__fixtures__/hand-written-report.ts';
import { renderPage } from './render-page.ts';

it('holds the whole document, and a policy that lets nothing but its own script run', async () => {
  const html = await renderPage(handWrittenReport);
  const packed = /id="report-data">([^<]+)</.exec(html)?.[1] ?? '';
  expect(JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString())).toEqual(handWrittenReport);
  const script = /<script type="module">([\s\S]*)<\/script>/.exec(html)?.[1] ?? '';
  expect(html).toContain(`script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  expect(html).toContain("default-src 'none'");
  expect(html).toContain("connect-src 'none'");
  expect(html).not.toMatch(/(src|href)="?https?:/);
  expect(html).toContain('<title>Written by hand &lt;/script&gt;&lt;b&gt;&amp; · nnm</title>');
  expect(html).toMatch(/Inside the script: .*@observablehq\/plot 0\.6\.17 \(ISC\)/);
});

it('a page of a running build may ask its own server, and no other', async () => {
  const html = await renderPage(handWrittenReport, { live: '/events' });
  expect(html).toContain("connect-src 'self'");
  expect(html).toContain('data-live="/events"');
});
