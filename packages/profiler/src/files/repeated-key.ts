const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/**
 * The first key that stands twice in an object of a JSON text, with the keys that lead to it; undefined when there is none. `JSON.parse` lets
 * the last of them win, without a word.
 *
 * @param text - sound JSON
 * @example repeatedKey('{ "conv": { "A1": 1, "A1": 2 } }') // ['conv', 'A1']
 */
export function repeatedKey(text: string): readonly string[] | undefined {
  /** Objects and lists that are open: the keys of an object seen so far, none of a list, and the last one. */
  const open: { readonly keys: Set<string> | undefined; key: string }[] = [];
  let before = '';
  for (const [token] of text.matchAll(TOKEN)) {
    const inside = open.at(-1);
    if (token === '{') open.push({ keys: new Set(), key: '' });
    else if (token === '[') open.push({ keys: undefined, key: '' });
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':' && inside?.keys !== undefined) {
      inside.key = JSON.parse(before) as string;
      if (inside.keys.has(inside.key)) return open.map(({ key }) => key).filter((key) => key !== '');
      inside.keys.add(inside.key);
    }
    before = token;
  }
  return undefined;
}
