/** Keys of a configuration that always have the same value, such as CIN and COUT of a depthwise kernel. */
export interface KeyGroup {
  readonly keys: readonly string[];
  /** Place of the first of them among the keys. */
  readonly index: number;
  /** Distinct values, ascending. */
  readonly values: readonly number[];
}

/**
 * Keys that are tied to each other in every row, as one group; in the order of the keys.
 *
 * @param rows - values of the keys, in their order
 */
export function groupKeys(keys: readonly string[], rows: readonly (readonly number[])[]): readonly KeyGroup[] {
  const groups: { keys: string[]; index: number; values: readonly number[] }[] = [];
  for (const [place, key] of keys.entries()) {
    const values = [...new Set(rows.map((row) => row[place] as number))].sort((a, b) => a - b);
    // A key with one value is tied to nothing: its equality tells of no rule.
    const tied = values.length > 1 ? groups.find((group) => rows.every((row) => row[place] === row[group.index])) : undefined;
    if (tied === undefined) groups.push({ keys: [key], index: place, values });
    else tied.keys.push(key);
  }
  return groups;
}
