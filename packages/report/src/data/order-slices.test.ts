import { expect, test } from 'vitest';
import { orderSlices } from './order-slices.ts';
import type { SliceReport } from './report-document.ts';

const values = Array.from({ length: 33 }, (_, index) => index);

/** A slice over two keys whose latency is a function of what runs across and down. */
const slice = (across: string, down: string, latency: (x: number, y: number) => number | null, fixed = { HW: 14 }): SliceReport => ({
  x: { keys: [across], values },
  y: { keys: [down], values },
  fixed,
  latencyMs: values.flatMap((y) => values.map((x) => latency(x, y))),
});

const ramp = slice('CIN', 'COUT', (x, y) => (1 + x) * (1 + Math.floor(y / 8)));
const stairs = slice('COUT', 'CIN', (x, y) => (1 + y) * (1 + Math.floor(x / 8)));
const faster = slice('CIN', 'COUT', (x, y) => 0.01 * (1 + x) * (1 + y), { HW: 7 });
const slower = slice('CIN', 'COUT', (x, y) => 100 * (1 + x) * (1 + y), { HW: 56 });
const refused = slice('CIN', 'COUT', () => null, { HW: 1 });

test('the most frequent slice comes first, with the steps before the ramp, then the slowest', () => {
  expect(orderSlices([ramp, faster, slower, refused, stairs])).toEqual([stairs, ramp, slower, faster]);
  expect(orderSlices([refused])).toEqual([]);
});
