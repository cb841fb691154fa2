import { suggestNearest } from '@nnm/core';

/** What is said of a name in a file that nothing has: with the nearest ones, or all. */
export function unknownName(what: string, id: string, known: readonly string[]): string {
  const near = suggestNearest(id, known);
  return `there is no ${what} "${id}"${near.length > 0 ? `; did you mean ${near.map((name) => `"${name}"`).join(' or ')}?` : `. Known: ${known.join(', ')}. Its plugin may be missing from the nnm config`}`;
}
