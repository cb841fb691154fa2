import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleForBrowser } from './bundle.ts';

/** The files of the page. */
export interface PageParts {
  readonly html: string;
  /** Of the page, a module. */
  readonly page: string;
  /** Of its workers, a classic script. */
  readonly host: string;
}

/** The page, bundled from its sources. A built package has it ready in this module's place. */
export async function readPageParts(): Promise<PageParts> {
  const folder = new URL('./page/', import.meta.url);
  const [html, page, host] = await Promise.all([
    readFile(new URL('page.html', folder), 'utf8'),
    bundleForBrowser(fileURLToPath(new URL('main.ts', folder)), 'esm'),
    bundleForBrowser(fileURLToPath(new URL('host.ts', folder)), 'iife'),
  ]);
  return { html, page, host };
}
