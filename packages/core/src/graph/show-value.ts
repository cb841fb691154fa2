/** Characters after which a value is cut off. */
const LONGEST = 120;

/** A value as errors show it: as JSON, but with what JSON turns into null, refuses or leaves out. */
export function show(value: unknown): string {
  const text = written(value, 0);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** Lists and objects this deep are only named. */
const DEEPEST = 3;

function written(value: unknown, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, LONGEST));
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `the function ${value.name || 'without a name'}`;
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value);
  const parts = Object.entries(value).slice(0, LONGEST);
  if (Array.isArray(value)) {
    if (depth === DEEPEST) return 'a list';
    return `[${Array.from({ length: Math.min(value.length, LONGEST) }, (_, i) => written(value[i], depth + 1)).join(',')}]`;
  }
  const maker = Object.getPrototypeOf(value)?.constructor?.name ?? 'Object';
  if (maker !== 'Object') return `a value of the class ${maker}`;
  if (depth === DEEPEST) return 'an object';
  return `{${parts.map(([key, part]) => `${JSON.stringify(key)}:${written(part, depth + 1)}`).join(',')}}`;
}
