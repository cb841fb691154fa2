/** The entry of a table by a word that a file says: `constructor` and the like are no entries of any. */
export const entryOf = <T>(table: Readonly<Record<string, T>>, word: string): T | undefined =>
  Object.hasOwn(table, word) ? table[word] : undefined;
