/** A value as errors show it: as JSON, but with what JSON turns into null. */
export function show(value: unknown): string {
  if (typeof value === 'number' || value === undefined) return String(value);
  const isLost = (item: unknown): boolean => item === undefined || (typeof item === 'number' && !Number.isFinite(item));
  if (Array.isArray(value) && value.some(isLost)) return `[${value.map(show).join(',')}]`;
  return JSON.stringify(value) ?? String(value);
}
