import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundledPackages } from './bundled-packages.ts';
import type { PageParts } from './page-contents.ts';

/**
 * The parts of the page, bundled from their sources. A built package has them ready in this module's place.
 */
export async function readPageParts(): Promise<PageParts> {
  const folder = new URL('./page/', import.meta.url);
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL('main.tsx', folder))],
    bundle: true,
    write: false,
    minify: true,
    metafile: true,
    format: 'esm',
    target: ['chrome103', 'firefox113', 'safari16.4'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
  });
  const [script] = outputFiles;
  // Inside a page the script ends at the first closing tag, wherever it stands.
  const text = (script?.text ?? '').replaceAll('</script', '<\\/script');
  return { script: text, style: await readFile(new URL('page.css', folder), 'utf8'), packages: await bundledPackages(metafile) };
}
