/** A number as a report holds it: four significant digits, which is more than a latency has. */
export function roundNumber(value: number): number {
  return Number(value.toPrecision(4));
}
