import type { PlotOptions } from '@observablehq/plot';

/** Colours by what they mean; the page gives them a value for light and for dark. */
export const COLOURS = {
  unseen: 'var(--accent)',
  seen: 'var(--seen)',
  flagged: 'var(--warn)',
  ceiling: 'var(--ink)',
  second: 'var(--second)',
  good: 'var(--good)',
  bad: 'var(--bad)',
  line: 'var(--line-strong)',
} as const;

/** What all charts share. */
export function plotStyle(width: number, height: number): PlotOptions {
  return {
    width,
    height,
    marginTop: 28,
    marginRight: 14,
    marginBottom: 42,
    marginLeft: 52,
    style: { fontSize: '12px', fontFamily: 'inherit', background: 'transparent', overflow: 'visible' },
  };
}

/** A scale is logarithmic where its values are positive and span more than one decade. */
export function suitsLogScale(values: readonly number[]): boolean {
  const low = Math.min(...values);
  return low > 0 && Math.max(...values) / low > 12;
}

/** Ticks of a logarithmic axis without exponents: 1, 2 and 5 of each decade, or only the decades where they are many. */
export function logTicks(low: number, high: number): readonly number[] {
  const decades = Math.log10(high / low);
  const steps = decades > 4 ? [1] : decades > 2 ? [1, 3] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const step of steps) {
      const tick = step * 10 ** power;
      if (tick >= low * 0.999 && tick <= high * 1.001) ticks.push(tick);
    }
  }
  return ticks;
}

/** A text of at most so many characters. */
export function clipText(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, Math.max(1, most - 1))}…`;
}
