import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** A file within another, as the script that loads it in a page says. */
interface PackedFile {
  readonly filename: string;
  readonly start: number;
  readonly end: number;
}

/**
 * One file of those that Emscripten has packed into `<packed>.data`, found by the table in `<packed>_loader.js`.
 *
 * @param packed - path of the packed files without `.data`
 * @param name - of the wanted file, without its folders
 */
export async function readPackedAsset(packed: string, name: string): Promise<Uint8Array> {
  const [, table = '[]'] = /"files":\s*(\[[^\]]*\])/.exec(await readFile(`${packed}_loader.js`, 'utf8')) ?? [];
  const found = (JSON.parse(table) as readonly PackedFile[]).find(({ filename }) => path.posix.basename(filename) === name);
  if (found === undefined) throw new Error(`${packed}.data holds no ${name}.`);
  return (await readFile(`${packed}.data`)).subarray(found.start, found.end);
}
