import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundledPackages } from './bundled-packages.ts';
import type { PageParts } from './page-contents.ts';

/**
 * The parts of the page, bundled from their sources. A built package has them ready in this module's place.
 */
export async function readPageParts(): Promise<PageParts> {
  const folder = fileURLToPath(new URL('./page/', import.meta.url));
  const { outputFiles, metafile } = await build({
    absWorkingDir: folder, // the current folder may be gone
    entryPoints: ['./main.tsx'],
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
  return { script: text, style: await readFile(path.join(folder, 'page.css'), 'utf8'), packages: await bundledPackages(metafile, folder) };
}
