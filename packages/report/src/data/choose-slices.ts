import { groupKeys, type KeyGroup } from './key-groups.ts';
import type { AxisReport } from './report-document.ts';

/** A slice that is still to be predicted. */
export interface SlicePlan {
  readonly x: AxisReport;
  readonly y?: AxisReport;
  readonly fixed: Readonly<Record<string, number>>;
}

/** How many slices there may be, and how fine they are. */
export interface SliceLimits {
  readonly slices: number;
  readonly columns: number;
  readonly rows: number;
}

/** The largest values are rare, and would leave the rest of an axis no room. */
const AXIS_QUANTILE = 0.95;

/** A slice with fewer rows than this does not say how far its axes should reach. */
const FEWEST_ROWS = 8;

/**
 * Choose what of a kernel's space is shown as a landscape: the two keys with the most values against each other, for the most frequent
 * values of the others, once also turned, so that there is a staircase along either key, and one view against the third key.
 *
 * @param keys - of the configurations
 * @param rows - values of the keys, in their order; at least one row for any slice
 */
export function chooseSlices(
  keys: readonly string[],
  rows: readonly (readonly number[])[],
  { slices, columns, rows: lines }: SliceLimits,
): readonly SlicePlan[] {
  const groups = groupKeys(keys, rows);
  const [first, second, third] = [...groups].filter(({ values }) => values.length > 1).sort((a, b) => b.values.length - a.values.length);
  if (first === undefined) return [];
  const plansOf = (x: KeyGroup, y: KeyGroup | undefined, count: number): readonly SlicePlan[] =>
    frequentRest(groups, [x, y], rows, count).map((fixed) => {
      const inside = rows.filter((row) => keys.every((key, index) => fixed[key] === undefined || fixed[key] === row[index]));
      const shown = inside.length < FEWEST_ROWS ? rows : inside;
      return { x: axisOf(x, shown, columns), ...(y && { y: axisOf(y, shown, lines) }), fixed };
    });
  const turned = second === undefined || slices < 2 ? [] : plansOf(second, first, 1);
  const other = third === undefined || slices < 3 ? [] : plansOf(first, third, 1);
  return [...plansOf(first, second, slices - turned.length - other.length), ...turned, ...other];
}

/** The most frequent combinations of the keys that no axis shows. */
function frequentRest(
  groups: readonly KeyGroup[],
  axes: readonly (KeyGroup | undefined)[],
  rows: readonly (readonly number[])[],
  count: number,
): readonly Readonly<Record<string, number>>[] {
  const rest = groups.filter((group) => !axes.includes(group));
  const counts = new Map<string, { readonly fixed: Record<string, number>; rows: number }>();
  for (const row of rows) {
    const fixed = Object.fromEntries(rest.flatMap(({ keys, index }) => keys.map((key) => [key, row[index] as number])));
    const name = JSON.stringify(fixed);
    const known = counts.get(name) ?? { fixed, rows: 0 };
    known.rows++;
    counts.set(name, known);
  }
  return [...counts.values()]
    .sort((a, b) => b.rows - a.rows)
    .slice(0, count)
    .map(({ fixed }) => fixed);
}

/** Evenly spaced integers over the usual range of a key; its own values where they are few. */
function axisOf({ keys, index, values }: KeyGroup, rows: readonly (readonly number[])[], steps: number): AxisReport {
  if (values.length <= steps / 2) return { keys, values };
  const sorted = rows.map((row) => row[index] as number).sort((a, b) => a - b);
  const from = sorted[0] as number;
  const to = sorted[Math.floor((sorted.length - 1) * AXIS_QUANTILE)] as number;
  const spaced = Array.from({ length: steps }, (_, step) => Math.round(from + ((to - from) * step) / (steps - 1)));
  return { keys, values: [...new Set(spaced)] };
}
