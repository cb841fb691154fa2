/** `0.0372 ms`, `1.53 ms`, `214 ms`: three significant digits; `–` for what is not known. */
export function latencyText(latencyMs: number | null | undefined): string {
  if (latencyMs === null || latencyMs === undefined || !Number.isFinite(latencyMs)) return '–';
  return `${plainNumber(latencyMs, 3)} ms`;
}

/** `95.3 %`; `–` for what is not known. */
export function shareText(share: number | undefined, digits = 1): string {
  return share === undefined || !Number.isFinite(share) ? '–' : `${(share * 100).toFixed(digits)} %`;
}

/** `+2.1 %`, `−3.0 %`. */
export function changeText(change: number): string {
  const percent = Math.abs(change * 100).toFixed(1);
  return `${change < 0 ? '−' : '+'}${percent} %`;
}

/** `3 kernels`, `1 kernel`. */
export function countText(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

/** A number without exponents, with so many significant digits where it has fractions. */
export function plainNumber(value: number, digits = 4): string {
  if (Number.isInteger(value)) return Math.abs(value) >= 1e5 ? shortNumber(value) : String(value);
  const rounded = Number(value.toPrecision(digits));
  if (Math.abs(rounded) >= 1e5) return shortNumber(rounded);
  const exponent = Number(rounded.toExponential().split('e')[1]);
  return rounded.toFixed(Math.max(0, Math.min(8, digits - 1 - exponent)));
}

const UNITS = [
  [1e12, ' T'],
  [1e9, ' G'],
  [1e6, ' M'],
  [1e3, ' k'],
] as const;

/** `1.2 M`: for axes and large counts. */
export function shortNumber(value: number): string {
  const unit = UNITS.find(([size]) => Math.abs(value) >= size);
  return unit === undefined ? String(Number(value.toPrecision(3))) : `${Number((value / unit[0]).toPrecision(3))}${unit[1]}`;
}

/** A round as people say it: `finegrained2` is `round 3`. */
export function roundText(mark: string): string {
  if (mark === 'initial' || mark === 'prior') return 'round 1';
  const round = /^finegrained(\d+)$/.exec(mark)?.[1];
  return round === undefined ? mark.replace('holdout', 'hold-out') : `round ${Number(round) + 1}`;
}

/** The label of a tick: as few digits as it needs, and no exponents. */
export function tickText(value: number): string {
  return plainNumber(value, 2)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}
