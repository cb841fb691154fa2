/** What tells two measured rows apart. */
interface NamedRow {
  readonly id: string;
  readonly kernel: string;
  readonly latencyMs: number;
}

/**
 * The rows by kernel, then id, then latency, whatever order they were measured or read in: sums of floating-point numbers, ties between
 * splits and the hash of the data depend on the order, and what depends on it must not depend on which kernel was built first.
 */
export function inRowOrder<R extends NamedRow>(rows: readonly R[]): readonly R[] {
  return [...rows].sort((a, b) => compareTexts(a.kernel, b.kernel) || compareTexts(a.id, b.id) || a.latencyMs - b.latencyMs || 0);
}

/** By UTF-16 units: the order of a locale is not the same everywhere. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
