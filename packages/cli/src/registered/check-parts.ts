import { statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { suggestNearest } from '@nnm/core';
import { describeCause } from '../plugins/errors.ts';
import { importModule } from '../plugins/import-module.ts';
import { RegistrationError } from './errors.ts';
import { findModule } from './find-module.ts';
import type { MetaFile, PartLocation } from './meta-file.ts';

const METHODS: Readonly<Record<PartLocation['role'], readonly string[]>> = {
  block: ['getModel'],
  sampler: ['priorConfigSampling', 'finegrainedConfigSampling'],
  features: ['getFeatureByConfig', 'getConfigByFeature'],
  backend: ['convert', 'parseSettings'],
};

/** What is wrong with a part. */
class PartProblem extends Error {}

/**
 * Find and try the modules that a meta file names, before anything is registered.
 *
 * @returns the file of each part, in the order of `meta.parts`
 * @throws {@link RegistrationError} with everything that is wrong
 */
export async function checkParts(meta: MetaFile): Promise<readonly string[]> {
  const checked = await Promise.all(
    meta.parts.map((part) =>
      checkPart(meta, part).catch((error: unknown) => {
        if (error instanceof PartProblem) return error;
        throw error;
      }),
    ),
  );
  const found = checked.filter((entry) => typeof entry === 'string');
  const wrong = checked.filter((entry) => typeof entry !== 'string');
  if (wrong.length === 0) return found;
  // All parts may be missing for one reason
  const problems = [...new Set(wrong.map(({ message }) => message))];
  throw new RegistrationError({ kind: meta.kind, name: meta.name, metaFile: meta.metaFile, problems }, { cause: wrong[0]!.cause });
}

async function checkPart(meta: MetaFile, part: PartLocation): Promise<string> {
  const { module, name, keys, role } = part;
  const [moduleKey, nameKey] = keys;
  const location = meta.packageLocation;
  if (!statSync(location, { throwIfNoEntry: false })?.isDirectory()) {
    throw new PartProblem(`package_location: there is no folder ${location}`);
  }
  const file = findModule(join(location, module));
  if (file === undefined) throw new PartProblem(`${moduleKey}: there is no module ${join(location, module)} (.ts, .mts, .js, .mjs, .cjs)`);
  const exports = await importModule(pathToFileURL(file).href).catch((cause: unknown) => {
    throw new PartProblem(`${moduleKey}: ${file} failed while it was imported: ${describeCause(cause)}`, { cause });
  });
  if (!(name in exports)) {
    const known = Object.keys(exports);
    const near = suggestNearest(name, known);
    const others = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `it exports ${known.join(', ') || 'nothing'}`;
    throw new PartProblem(`${nameKey}: ${file} does not export ${name}; ${others}`);
  }
  const value = role === 'block' ? blockPrototype(exports[name]) : makeValue(exports[name], part, role === 'features' ? [meta.name] : []);
  const missing = METHODS[role].filter((method) => typeof (value as Record<string, unknown> | null | undefined)?.[method] !== 'function');
  if (missing.length > 0) {
    const what = role === 'block' ? `is not a block class: it has no method getModel (extend BaseBlock of @nnm/core)` : undefined;
    throw new PartProblem(`${nameKey}: ${name} ${what ?? `has no method ${missing.join(' and no method ')}`}`);
  }
  const id = (value as { readonly id?: unknown }).id;
  if (role === 'backend' && id !== meta.name)
    throw new PartProblem(`builtin_name: the backend's own id is "${String(id)}", not "${meta.name}"`);
  return file;
}

function blockPrototype(value: unknown): unknown {
  return typeof value === 'function' ? value.prototype : undefined;
}

/** The export itself, or what it makes when it is a class. */
function makeValue(value: unknown, { name, keys }: PartLocation, args: readonly unknown[]): unknown {
  if (typeof value !== 'function') return value;
  try {
    return new (value as new (...args: readonly unknown[]) => unknown)(...args);
  } catch (cause) {
    const shown = args.map((argument) => JSON.stringify(argument)).join(', ');
    throw new PartProblem(`${keys[1]}: new ${name}(${shown}) failed: ${describeCause(cause)}`, { cause });
  }
}
