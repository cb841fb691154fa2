import { distance } from 'fastest-levenshtein';

/** Nobody mistypes more than this; comparing costs the product of the lengths. */
const LONGEST = 200;

/** The known ids nearest to a mistyped one, best first, at most three; empty when none is close. */
export function suggestNearest(wanted: string, known: readonly string[]): readonly string[] {
  if (wanted.length > LONGEST) return [];
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  return known
    .map((id) => ({ id, edits: distance(wanted.toLowerCase(), id.toLowerCase()) }))
    .filter(({ id, edits }) => edits <= limit || id.includes(wanted))
    .sort((a, b) => a.edits - b.edits || (a.id < b.id ? -1 : 1))
    .slice(0, 3)
    .map(({ id }) => id);
}
