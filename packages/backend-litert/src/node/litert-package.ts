import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** The npm package that LiteRT comes in. */
export const LITERT_PACKAGE = '@litertjs/core';

/** Its folder of builds, with a slash at the end; where npm puts it by this package when it is not installed. */
export function wasmFolder(): URL {
  const { resolve } = createRequire(import.meta.url);
  const folders = resolve.paths(LITERT_PACKAGE) ?? [];
  const candidates = folders.map((folder) => new URL(`./${LITERT_PACKAGE}/wasm/`, pathToFileURL(`${folder}/`)));
  return candidates.find((folder) => existsSync(folder)) ?? (candidates[0] as URL);
}

/** Version of an installed package, by its folder of builds. */
export const versionIn = (wasm: URL): string =>
  (JSON.parse(readFileSync(new URL('../package.json', wasm), 'utf8')) as { version: string }).version;
