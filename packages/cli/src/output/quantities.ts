/** `0.0372 ms`, `1.53 ms`, `214 ms`: three significant digits, never exponents. */
export function formatLatency(latencyMs: number): string {
  if (!Number.isFinite(latencyMs)) return '-';
  if (latencyMs === 0) return '0 ms';
  const digits = Math.max(0, Math.min(6, 2 - exponentOf(latencyMs)));
  return `${latencyMs.toFixed(digits)} ms`;
}

/** A share as percent: `0.953` → `95.3 %`. */
export function formatShare(share: number): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(1)} %` : '-';
}

/** `8 s`, `2 min 5 s`, `1 h 12 min`. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `1 kernel`, `3 kernels`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** The power of ten of a number's first digit. */
function exponentOf(value: number): number {
  return Number(value.toExponential().split('e')[1]);
}
