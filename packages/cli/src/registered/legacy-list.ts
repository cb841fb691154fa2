import { join } from 'node:path';
import { z } from 'zod';
import { findModule } from './find-module.ts';
import type { MetaFile, PartLocation } from './meta-file.ts';

const part = z.object({ module: z.string(), name: z.string(), keys: z.tuple([z.string(), z.string()]) });
const shared = { metaFile: z.string(), name: z.string(), packageLocation: z.string() };
const kernel = z.object({
  ...shared,
  implement: z.array(z.string()).optional(),
  family: z.string().optional(),
  description: z.string().optional(),
  configSpace: z.record(z.string(), z.unknown()).optional(),
  block: part,
  sampler: part,
  parser: part,
});
const backend = z.object({ ...shared, backend: part });

/** The list of what is registered as nnm 0.1 wrote it: what the meta files say, put together anew by every command. */
export const legacySchema = z.object({
  schemaVersion: z.literal(1),
  kernels: z.record(z.string(), kernel).default({}),
  backends: z.record(z.string(), backend).default({}),
});

/** The same as meta files, with the module of each part. */
export function upgradeLegacy({
  kernels,
  backends,
}: z.infer<typeof legacySchema>): readonly { readonly meta: MetaFile; readonly files: readonly string[] }[] {
  const toMeta = (kind: MetaFile['kind'], entry: z.infer<z.ZodObject<typeof shared>>, parts: readonly PartLocation[], facts: object) => ({
    meta: { kind, metaFile: entry.metaFile, name: entry.name, packageLocation: entry.packageLocation, parts, facts },
    // A module whose folder is gone keeps the name it is given: importing the plugin says so.
    files: parts.map(({ module }) => join(entry.packageLocation, module)).map((path) => findModule(path) ?? path),
  });
  return [
    ...Object.values(kernels).map((entry) => {
      const { metaFile: _, name: __, packageLocation: ___, block, sampler, parser, ...facts } = entry;
      const parts: PartLocation[] = [
        { role: 'block', ...block },
        { role: 'sampler', ...sampler },
        { role: 'features', ...parser },
      ];
      return toMeta('kernel', entry, parts, facts);
    }),
    ...Object.values(backends).map((entry) => toMeta('backend', entry, [{ role: 'backend', ...entry.backend }], {})),
  ];
}
