import { dirname, resolve } from 'node:path';
import { readTextFile } from '@nnm/builder';
import {
  type ConfigRange,
  ID_RULE,
  type Implement,
  InvalidFileError,
  isId,
  kernelIdProblem,
  type Problem,
  suggestNearest,
} from '@nnm/core';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';

/** What can be registered. */
export type RegisteredKind = 'kernel' | 'backend';

/** A checked meta file of a kernel; `packageLocation` and `metaFile` are absolute. */
export interface KernelMeta {
  readonly metaFile: string;
  readonly name: string;
  readonly packageLocation: string;
  readonly implement?: readonly Implement[];
  readonly family?: string;
  readonly description?: string;
  readonly configSpace?: Readonly<Record<string, ConfigRange>>;
  readonly block: PartLocation;
  readonly sampler: PartLocation;
  readonly parser: PartLocation;
}

/** A checked meta file of a backend. */
export interface BackendMeta {
  readonly metaFile: string;
  readonly name: string;
  readonly packageLocation: string;
  readonly backend: PartLocation;
}

/** A class (or value) in a module of the package. */
export interface PartLocation {
  /** Path below `packageLocation`; its ending may be left out. */
  readonly module: string;
  /** Name of the export. */
  readonly name: string;
  /** The keys of the meta file that say so, for errors. */
  readonly keys: readonly [module: string, name: string];
}

const text = z.string({ error: 'must be a text' }).min(1, 'must not be empty');
const framework = z.enum(['tensorflow', 'torch'], { error: 'must be tensorflow, torch or a list of both' });
const range = z.strictObject({
  min: z.int(),
  max: z.int(),
  multipleOf: z.int().positive().optional(),
  values: z.array(z.int()).optional(),
  description: z.string().optional(),
});
const shared = { package_location: text, class_module: text, class_name: text };
const kernelSchema = z.strictObject({
  builtin_name: text.refine((id) => kernelIdProblem(id) === undefined, { error: ({ input }) => kernelIdProblem(input) }),
  implement: z.union([framework, z.array(framework).min(1)], { error: 'must be tensorflow, torch or a list of both' }).optional(),
  ...shared,
  sampler_module: text,
  sampler_name: text,
  parser_module: text,
  parser_name: text,
  family: text.optional(),
  description: text.optional(),
  config_space: z.record(z.string(), range).optional(),
});
const backendSchema = z.strictObject({
  builtin_name: text.refine(isId, `must be ${ID_RULE}`),
  ...shared,
});

/**
 * Read and check the meta file of a kernel.
 *
 * @throws core's `InvalidFileError` with every problem and its line, `FileAccessError`
 */
export async function readKernelMeta(file: string): Promise<KernelMeta> {
  const { metaFile, value } = await readMeta(file, kernelSchema);
  const { implement, family, description, config_space: configSpace } = value;
  return {
    metaFile,
    name: value.builtin_name,
    packageLocation: resolve(dirname(metaFile), value.package_location),
    ...(implement !== undefined && { implement: [implement].flat() }),
    ...(family !== undefined && { family }),
    ...(description !== undefined && { description }),
    ...(configSpace !== undefined && { configSpace: configSpace as Readonly<Record<string, ConfigRange>> }),
    block: { module: value.class_module, name: value.class_name, keys: ['class_module', 'class_name'] },
    sampler: { module: value.sampler_module, name: value.sampler_name, keys: ['sampler_module', 'sampler_name'] },
    parser: { module: value.parser_module, name: value.parser_name, keys: ['parser_module', 'parser_name'] },
  };
}

/** Read and check the meta file of a backend; errors as {@link readKernelMeta}. */
export async function readBackendMeta(file: string): Promise<BackendMeta> {
  const { metaFile, value } = await readMeta(file, backendSchema);
  return {
    metaFile,
    name: value.builtin_name,
    packageLocation: resolve(dirname(metaFile), value.package_location),
    backend: { module: value.class_module, name: value.class_name, keys: ['class_module', 'class_name'] },
  };
}

async function readMeta<T extends z.ZodType>(file: string, schema: T): Promise<{ metaFile: string; value: z.infer<T> }> {
  const metaFile = resolve(file);
  const lines = new LineCounter();
  const document = parseDocument(await readTextFile(metaFile), { lineCounter: lines });
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ message, linePos }) => ({
      ...(linePos && { line: linePos[0].line }),
      message: (message.split('\n')[0] ?? message).replace(/ at line .*$/, ''),
    }));
    throw new InvalidFileError({ file: metaFile, problems, hint: 'Correct the YAML syntax.' });
  }
  const lineOf = (key: string): number | undefined => {
    const pair = isMap(document.contents)
      ? document.contents.items.find((item) => isScalar(item.key) && item.key.value === key)
      : undefined;
    const offset = pair && isScalar(pair.key) ? pair.key.range?.[0] : undefined;
    return offset === undefined ? undefined : lines.linePos(offset).line;
  };
  const parsed = schema.safeParse(document.toJS() ?? {});
  if (parsed.success) return { metaFile, value: parsed.data };
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  throw new InvalidFileError({
    file: metaFile,
    problems: parsed.error.issues.flatMap((issue): readonly Problem[] => {
      const keys = issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [issue.path.join('.')];
      return keys.map((key) => {
        const line = lineOf(key.split('.')[0] as string);
        const isMissing = line === undefined && key !== '';
        const message = issue.code === 'unrecognized_keys' ? unknownKey(key, known) : isMissing ? 'is missing' : issue.message;
        return { ...(key !== '' && { key }), ...(line !== undefined && { line }), message };
      });
    }),
  });
}

function unknownKey(key: string, known: readonly string[]): string {
  if (/default_?config_?file/i.test(key)) return "is not needed: the backend's own `settingsTemplate` is the default configuration";
  const near = suggestNearest(key, known);
  return `is not a key of this file${near.length > 0 ? `, did you mean ${near.join(' or ')}?` : ` (${known.join(', ')})`}`;
}
