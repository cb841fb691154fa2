import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { ReportDocument } from '../data/report-document.ts';

/** How a page is made. */
export interface PageOptions {
  /** Path of the events that a page of a running build follows; without it the page asks no server for anything. */
  readonly live?: string;
}

/**
 * One HTML file that shows a report: script, style and data are inside, and its policy forbids everything else. Opens from a disk.
 *
 * @returns the text; below 2 MB for the reports of `readWorkspaceReport`
 */
export async function renderPage(report: ReportDocument, { live }: PageOptions = {}): Promise<string> {
  const { readPageParts } = await import('@nnm/report/page-parts');
  const { script, style, packages } = await readPageParts();
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`,
    // The chart library writes styles into its drawings.
    "style-src 'unsafe-inline'",
    `connect-src ${live === undefined ? "'none'" : "'self'"}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const data = gzipSync(JSON.stringify(report), { level: 9 }).toString('base64');
  const libraries = packages.map(({ name, version, licence }) => `${name} ${version} (${licence})`).join(', ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="nnm ${escapeHtml(report.nnmVersion)}">
<title>${escapeHtml(report.title)} · nnm</title>
<!-- Inside the script: ${escapeHtml(libraries)} -->
<style>${style}</style>
</head>
<body>
<div id="report"${live === undefined ? '' : ` data-live="${escapeHtml(live)}"`}><noscript>This page draws itself: allow its script to run.</noscript></div>
<script type="text/plain" id="report-data">${data}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
