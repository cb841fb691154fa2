import { InvalidArgumentError, suggestNearest } from '@nnm/core';
import { z } from 'zod';

/** An integer of at least `min`. */
export const integer = (min: number) => z.int({ error: `an integer >= ${min}` }).min(min, { error: `an integer >= ${min}` });

/** An integer of at least `min`, or null for "no limit". */
export function limit(min: number) {
  const error = `an integer >= ${min}, or null`;
  return z.int({ error }).min(min, { error }).nullable();
}

/** A number above `min` and at most `max`. */
export function number(min: number, max: number) {
  const error = `a number above ${min} and at most ${max}`;
  return z.number({ error }).gt(min, { error }).lte(max, { error });
}

/**
 * A count of at least `min`, or a share of a total in (0, 1).
 *
 * @param error - what it must be, where it may be something else besides
 */
export const countOrShare = (min: number, error = `an integer >= ${min}, or a share between 0 and 1`) =>
  z.number({ error }).refine((value) => (value > 0 && value < 1) || (Number.isInteger(value) && value >= min), { error });

/** True or false. */
export const flag = z.boolean({ error: 'true or false' });

/**
 * A regressor's options, checked and filled up with their defaults. A misspelt option is refused, not ignored.
 *
 * @param owner - the regressor's id, shown in errors
 * @param fields - a schema for each option, whose `error` says what it must be
 * @throws {@link InvalidArgumentError} naming the option
 */
export function parseOptions<S extends z.ZodRawShape>(
  owner: string,
  fields: S,
  raw: Readonly<Record<string, unknown>>,
): z.infer<z.ZodObject<S>> {
  const parsed = z.strictObject(fields).safeParse(raw);
  if (parsed.success) return parsed.data as z.infer<z.ZodObject<S>>;
  const issue = parsed.error.issues[0] as z.core.$ZodIssue;
  if (issue.code === 'unrecognized_keys') throw unknownOption(owner, issue.keys[0] as string, Object.keys(fields), raw);
  const key = String(issue.path[0]);
  throw new InvalidArgumentError({ name: `${owner}.${key}`, expected: issue.message, got: raw[key] });
}

function unknownOption(owner: string, key: string, known: readonly string[], raw: Readonly<Record<string, unknown>>): InvalidArgumentError {
  const near = suggestNearest(key, known);
  return new InvalidArgumentError({
    name: `${owner}.${key}`,
    expected: `one of the regressor's options (${known.join(', ')})`,
    got: raw[key],
    ...(near.length > 0 && { hint: `Did you mean ${near.map((option) => `"${option}"`).join(' or ')}?` }),
  });
}
