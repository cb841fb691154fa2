import type { Operator } from './operator.ts';
import { show } from './show-value.ts';

/**
 * What is wrong with the arguments behind those that a builder method needs, if anything: in plain JavaScript a bare number where
 * options belong would otherwise be ignored.
 *
 * @param needed - number of arguments that the method needs
 */
export function checkArguments(
  method: string,
  args: readonly unknown[],
  needed: number,
  last: Operator['lastArgument'],
): string | undefined {
  const most = needed + (last === undefined ? 0 : 1);
  if (args.length > most) return `${method} takes ${most} argument${most === 1 ? '' : 's'}, got ${args.length}`;
  const given = args[needed];
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given);
  if (last !== 'options' || given === undefined || isObject) return undefined;
  return `${method} takes its options as an object with names, got ${show(given)}`;
}
