import { InvalidFileError, type Plugin, type Problem, suggestNearest } from '@nnm/core';
import { z } from 'zod';
import { showValue } from '../output/show-value.ts';

/** What an nnm config file may say. */
export interface NnmConfig {
  /** Package names, paths relative to this file, or plugin objects. They come before everything else, in this order. */
  readonly plugins?: readonly (string | Plugin)[];
  /** Whether the plugins that come with nnm are loaded. Default: true. */
  readonly builtins?: boolean;
  /** Whether direct dependencies with the keyword `nnm-plugin` are loaded. Default: true. */
  readonly discover?: boolean;
}

/**
 * Typed identity for `nnm.config.ts` and friends.
 *
 * @example export default defineConfig({ plugins: ['nnm-kernel-foo', './kernels/mine.ts'] });
 */
export function defineConfig(config: NnmConfig): NnmConfig {
  return config;
}

const got = (expected: string) => (issue: { readonly input?: unknown }) => `must be ${expected}, got ${nameType(issue.input)}`;
const pluginEntry = z.custom<string | Plugin>(
  (entry) => (typeof entry === 'string' ? entry.trim() !== '' : typeof entry === 'object' && entry !== null),
  { error: got('a package name, a path or a plugin') },
);
const schema = z.strictObject(
  {
    $schema: z.unknown().optional(),
    plugins: z.array(pluginEntry, { error: got('a list of package names, paths or plugins') }).optional(),
    builtins: z.boolean({ error: got('true or false') }).optional(),
    discover: z.boolean({ error: got('true or false') }).optional(),
  },
  { error: (issue) => (issue.code === 'invalid_type' ? `an nnm config must be an object, got ${nameType(issue.input)}` : undefined) },
);
const KEYS = Object.keys(schema.shape).filter((key) => key !== '$schema');

/**
 * Check what a config says. What comes back is a copy: nothing of it is asked twice, nor can change.
 *
 * @throws core's `InvalidFileError` with every problem at once, and whatever a getter of `raw` throws
 */
export function checkConfig(raw: unknown, file: string): NnmConfig {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data as NnmConfig;
  const unknownFirst = [...parsed.error.issues].sort(
    (a, b) => Number(b.code === 'unrecognized_keys') - Number(a.code === 'unrecognized_keys'),
  );
  const problems = unknownFirst.flatMap((issue): readonly Problem[] => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ key, message: `is not a key of an nnm config${didYouMean(key)}` }));
    const key = issue.path
      .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`))
      .join('');
    return [{ ...(key !== '' && { key }), message: issue.message }];
  });
  throw new InvalidFileError({ file, problems });
}

function didYouMean(key: string): string {
  const near = suggestNearest(key, KEYS);
  return near.length > 0 ? `, did you mean ${near.join(' or ')}?` : ` (${KEYS.join(', ')})`;
}

function nameType(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : showValue(value);
}
