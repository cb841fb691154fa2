import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Metafile } from 'esbuild';
import type { BundledPackage } from './page-contents.ts';

/** The libraries of a bundle, by name. @param base - the folder that the paths of its inputs begin at */
export async function bundledPackages({ inputs }: Metafile, base: string): Promise<readonly BundledPackage[]> {
  const folders = new Set(Object.keys(inputs).flatMap((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []));
  const found = await Promise.all([...folders].map((folder) => readPackage(path.resolve(base, folder))));
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function readPackage(folder: string): Promise<BundledPackage> {
  const { name, version, license } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as Record<string, string>;
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
  const text = file === undefined ? '' : await readFile(path.join(folder, file), 'utf8');
  return { name: name ?? folder, version: version ?? '', licence: license ?? 'unknown', text: text.trim() };
}
