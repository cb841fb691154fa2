import { suggestNearest } from '@nnm/core';

/** More names than that are a list to look up, not a part of a sentence. */
const MOST_NAMES = 12;

/** What is said of a name in a file that nothing has: with the nearest ones, or all where they are few. */
export function unknownName(what: string, id: string, known: readonly string[]): string {
  const near = suggestNearest(id, known);
  if (near.length > 0) return `there is no ${what} "${id}"; did you mean ${near.map((name) => `"${name}"`).join(' or ')}?`;
  const names = known.length > 0 && known.length <= MOST_NAMES ? `. Known: ${known.join(', ')}` : '';
  return `there is no ${what} "${id}"${names}. Its plugin may be missing from the nnm config`;
}
