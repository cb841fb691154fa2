import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type BoardPlatform, mayRunOn } from './board-platform.ts';
import type { PackageFolder } from './package-folder.ts';
import { type PackedFile, packFile } from './packed-file.ts';

/** What only people, compilers and editors read. */
const UNNEEDED = /\.(map|md|markdown|[cm]?ts|tsx|flow|c|cc|cpp|h|hpp|gyp|gypi|o|a|lib|pdb|tsbuildinfo|tgz)$/i;

/**
 * The files of a package that a board needs: all but declarations, sources in C, documents, and what was built for other platforms.
 *
 * @param target - folder below the agent's that they go to, with `/`
 * @param except - folders of the package that are left out
 */
export async function packPackage(
  { folder, manifest, isInstalled }: PackageFolder,
  target: string,
  board: BoardPlatform,
  except: readonly string[] = [],
): Promise<readonly PackedFile[]> {
  // Of a folder of sources, what would be published: whatever else somebody keeps beside it stays.
  const published = isInstalled
    ? undefined
    : manifest.files
        ?.filter((entry) => !entry.startsWith('!'))
        .map((entry) => entry.split(/[/*]/).find((part) => part !== '' && part !== '.'));
  const names = (await readdir(folder)).filter((name) => published === undefined || name === 'package.json' || published.includes(name));
  const lists = await Promise.all(names.filter((name) => !except.includes(name)).map((name) => listFiles(path.join(folder, name))));
  const files: PackedFile[] = [];
  for (const file of lists.flat()) {
    if (UNNEEDED.test(file)) continue;
    const content = await readFile(file);
    if (mayRunOn(content, board)) files.push(packFile(`${target}/${path.relative(folder, file).split(path.sep).join('/')}`, content));
  }
  return files;
}

async function listFiles(place: string): Promise<readonly string[]> {
  const name = path.basename(place);
  if (name === 'node_modules' || name === '.git') return [];
  const entries = await readdir(place, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTDIR') return undefined; // a file
    throw error;
  });
  if (entries === undefined) return [place];
  return (await Promise.all(entries.map((entry) => listFiles(path.join(place, entry.name))))).flat();
}
