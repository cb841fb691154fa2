/** Compare versions by their numbers, `1.9` before `1.16`; what follows the numbers does not count. Below 0: `a` is older. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const numbersOf = (version: string): readonly number[] =>
  (/^\d+(\.\d+)*/.exec(version.replace(/^v/, ''))?.[0] ?? '0').split('.').map(Number);
