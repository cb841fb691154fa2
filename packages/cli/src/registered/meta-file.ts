import { dirname, resolve } from 'node:path';
import { locateProblems, readYamlFile } from '@nnm/builder';
import { InvalidFileError, kernelIdProblem, suggestNearest } from '@nnm/core';
import { z } from 'zod';

/** What can be registered. */
export type RegisteredKind = 'kernel' | 'backend';

/** A class (or value) in a module of the package. */
export interface PartLocation {
  /** What it is for. */
  readonly role: 'block' | 'sampler' | 'features' | 'backend';
  /** Path without `packageLocation`; its ending may be left out. */
  readonly module: string;
  /** Name of the export. */
  readonly name: string;
  /** The keys of the meta file that say so, for errors. */
  readonly keys: readonly [module: string, name: string];
}

/** A checked meta file; `packageLocation` and `metaFile` are absolute. */
export interface MetaFile {
  readonly kind: RegisteredKind;
  readonly metaFile: string;
  readonly name: string;
  readonly packageLocation: string;
  readonly parts: readonly PartLocation[];
  /** What a kernel says besides its parts. */
  readonly facts: Readonly<{ family?: string; description?: string; implement?: readonly string[]; configSpace?: object }>;
}

const text = z.string({ error: 'must be a text' }).min(1, 'must not be empty');
const id = text.superRefine((value, context) => {
  const problem = kernelIdProblem(value);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});
const framework = z.enum(['tensorflow', 'torch'], { error: 'must be tensorflow, torch or a list of both' });
const range = z.strictObject({
  min: z.int(),
  max: z.int(),
  multipleOf: z.int().positive().optional(),
  values: z.array(z.int()).optional(),
  description: z.string().optional(),
});
const shared = { builtin_name: id, package_location: text, class_module: text, class_name: text };
const SCHEMAS = {
  kernel: z.strictObject({
    ...shared,
    implement: z.union([framework, z.array(framework).min(1)], { error: 'must be tensorflow, torch or a list of both' }).optional(),
    sampler_module: text,
    sampler_name: text,
    parser_module: text,
    parser_name: text,
    family: id.optional(),
    description: text.optional(),
    config_space: z.record(z.string(), range).optional(),
  }),
  backend: z.strictObject(shared),
};

/** The keys of a part in a meta file: `<prefix>_module`, `<prefix>_name`. */
const PARTS = {
  kernel: { block: 'class', sampler: 'sampler', features: 'parser' },
  backend: { backend: 'class' },
} as const satisfies Record<RegisteredKind, Partial<Record<PartLocation['role'], string>>>;

/**
 * Read and check the meta file of a kernel or backend.
 *
 * @throws core's `InvalidFileError` with every problem and its line, `FileAccessError`
 */
export async function readMetaFile(kind: RegisteredKind, file: string): Promise<MetaFile> {
  const metaFile = resolve(file);
  const yaml = await readYamlFile(metaFile);
  const parsed = SCHEMAS[kind].safeParse(yaml.value);
  if (!parsed.success) {
    const known = Object.keys(SCHEMAS[kind].shape);
    const issues = parsed.error.issues.flatMap((issue) => {
      if (issue.code === 'unrecognized_keys')
        return issue.keys.map((key) => ({ path: [...issue.path, key], message: unknownKey(key, known) }));
      const isMissing = issue.path.length > 0 && yaml.lineOf(issue.path) === undefined;
      return [{ path: issue.path, message: isMissing ? 'is missing' : issue.message }];
    });
    throw new InvalidFileError({ file: metaFile, problems: locateProblems(yaml, issues) });
  }
  const value: Readonly<Record<string, unknown>> = parsed.data;
  const { family, description, implement, config_space: configSpace } = value as z.infer<typeof SCHEMAS.kernel>;
  return {
    kind,
    metaFile,
    name: parsed.data.builtin_name,
    packageLocation: resolve(dirname(metaFile), parsed.data.package_location),
    parts: Object.entries(PARTS[kind]).map(([role, prefix]): PartLocation => {
      const keys = [`${prefix}_module`, `${prefix}_name`] as const;
      return { role: role as PartLocation['role'], module: value[keys[0]] as string, name: value[keys[1]] as string, keys };
    }),
    facts: {
      ...(family !== undefined && { family }),
      ...(description !== undefined && { description }),
      ...(implement !== undefined && { implement: [implement].flat() }),
      ...(configSpace !== undefined && { configSpace }),
    },
  };
}

function unknownKey(key: string, known: readonly string[]): string {
  if (/default_?config_?file/i.test(key)) return "is not needed: the backend's own `settingsTemplate` is the default configuration";
  const near = suggestNearest(key, known);
  return `is not a key of this file${near.length > 0 ? `, did you mean ${near.join(' or ')}?` : ` (${known.join(', ')})`}`;
}
