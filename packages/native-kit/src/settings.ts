import path, { isAbsolute } from 'node:path';
import { InvalidSettingsError, type Json, suggestNearest } from '@nnm/core';
import { z } from 'zod';

/** `LIBRARY`: the absolute path of another library. */
export const librarySetting = z
  .string()
  .refine((file) => isAbsolute(file))
  // Absolute on this machine: what a JSON Schema cannot ask, but say for it.
  .meta({ pattern: path.sep === '/' ? '^/' : '^([A-Za-z]:[\\\\/]|[\\\\/])' })
  .nullish();

/**
 * The JSON Schema of a backend's settings, from what checks them.
 *
 * @param expected - what every key must be, in words, which editors show
 */
export function settingsJsonSchema<S extends z.ZodRawShape>(
  schema: z.ZodObject<S, z.core.$strict>,
  expected: Readonly<Record<keyof S & string, string>>,
): Readonly<Record<string, Json>> {
  const { $schema: _, properties, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Record<string, Json>;
  const described = Object.entries(properties as Record<string, Record<string, Json>>).map(([key, property]) => [
    key,
    { description: `Must be ${expected[key as keyof S & string]}`, ...property },
  ]);
  return { ...rest, properties: Object.fromEntries(described) };
}

/**
 * Check a backend's settings and fill in their defaults.
 *
 * @param schema - keys with their types and defaults
 * @param expected - what every key must be, such as `an integer from 1 to 256`; its keys are those of the schema
 * @param raw - parsed YAML; `{}`, null or undefined stand for an empty file
 * @throws {@link InvalidSettingsError} listing every wrong key
 */
export function checkSettings<S extends z.ZodRawShape>(
  backend: string,
  schema: z.ZodObject<S, z.core.$strict>,
  expected: Readonly<Record<keyof S & string, string>>,
  raw: unknown,
): z.infer<z.ZodObject<S, z.core.$strict>> {
  const parsed = schema.safeParse(raw ?? {});
  if (parsed.success) return parsed.data;
  const known = Object.keys(schema.shape);
  const problems = parsed.error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys' && issue.path.length === 0) return issue.keys.map((key) => unknownKey(key, known));
    const [top] = issue.path;
    if (typeof top !== 'string') return [{ message: `must be a map of settings, got ${Array.isArray(raw) ? 'a list' : show(raw)}` }];
    const got = issue.path.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown> | undefined)?.[step], raw);
    return [{ key: issue.path.join('.'), message: `must be ${expected[top]}, got ${show(got)}` }];
  });
  throw new InvalidSettingsError({ backend, problems });
}

function unknownKey(key: string, known: readonly string[]): { key: string; message: string } {
  const [near] = suggestNearest(key, known);
  return { key, message: near === undefined ? `is not a setting; known: ${known.join(', ')}` : `is not a setting; did you mean ${near}?` };
}

const show = (value: unknown): string => JSON.stringify(value) ?? String(value);
