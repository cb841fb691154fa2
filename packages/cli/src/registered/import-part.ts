import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { suggestNearest } from '@nnm/core';
import { describeCause } from '../plugins/errors.ts';
import type { PartLocation } from './meta-file.ts';

const ENDINGS = ['', '.ts', '.mts', '.js', '.mjs', '.cjs', '/index.ts', '/index.js'];

/** A value imported from a package in a folder, or why it could not be. */
export type ImportedPart = { readonly value: unknown } | { readonly problem: string; readonly cause?: unknown };

/**
 * Import one class or value that a meta file names.
 *
 * TypeScript or JavaScript; `@nnm/core` and `@nnm/core/testing` are this program's own, so the folder needs no node_modules of
 * its own for them.
 */
export async function importPart(packageLocation: string, { module, name, keys }: PartLocation): Promise<ImportedPart> {
  const [moduleKey, nameKey] = keys;
  if (!(await isFolder(packageLocation))) return { problem: `package_location: there is no folder ${packageLocation}` };
  const file = await findModule(join(packageLocation, module));
  if (file === undefined)
    return { problem: `${moduleKey}: there is no module ${join(packageLocation, module)} (.ts, .mts, .js, .mjs, .cjs)` };
  let exports: Record<string, unknown>;
  try {
    exports = await importShared(file);
  } catch (cause) {
    return { problem: `${moduleKey}: ${file} failed while it was imported: ${describeCause(cause)}`, cause };
  }
  if (name in exports) return { value: exports[name] };
  const known = Object.keys(exports);
  const near = suggestNearest(name, known);
  const others = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `it exports ${known.join(', ') || 'nothing'}`;
  return { problem: `${nameKey}: ${file} does not export ${name}; ${others}` };
}

async function findModule(path: string): Promise<string | undefined> {
  for (const ending of ENDINGS) {
    const found = await stat(path + ending).catch(() => undefined);
    if (found?.isFile()) return path + ending;
  }
  return undefined;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

async function importShared(file: string): Promise<Record<string, unknown>> {
  const [{ createJiti }, core, testing] = await Promise.all([import('jiti'), import('@nnm/core'), import('@nnm/core/testing')]);
  const jiti = createJiti(file, {
    interopDefault: false,
    fsCache: false,
    moduleCache: true,
    virtualModules: { '@nnm/core': core, '@nnm/core/testing': testing },
  });
  return jiti.import<Record<string, unknown>>(file);
}
