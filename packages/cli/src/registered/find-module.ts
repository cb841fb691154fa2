import { statSync } from 'node:fs';

const ENDINGS = ['', '.ts', '.mts', '.js', '.mjs', '.cjs', '/index.ts', '/index.js'];

/** The file of a module whose ending may be left out; undefined when there is none. */
export function findModule(path: string): string | undefined {
  return ENDINGS.map((ending) => path + ending).find((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
}
