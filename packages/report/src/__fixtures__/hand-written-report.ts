import type { Metrics } from '@nnm/predictor';
import { type KernelReport, REPORT_FORMAT, REPORT_SCHEMA_VERSION, type ReportDocument, type RowReport } from '../data/report-document.ts';

const metrics = (acc10: number, rows = 20): Metrics => ({
  rows,
  rmseMs: 0.02,
  rmspe: 0.05,
  acc5: acc10 - 0.2,
  acc10,
  acc15: Math.min(1, acc10 + 0.05),
  medianError: 0.02,
  worstDecile: 0.15,
});

/** Rows on a curve, every third of them from the hold-out, one flagged. */
function rowsOf(count: number): readonly RowReport[] {
  return Array.from({ length: count }, (_, i): RowReport => {
    const [hw, cin] = [[7, 14, 28, 56][i % 4] as number, 8 * (i + 1)];
    const measuredMs = Number((0.001 * hw * cin).toPrecision(4));
    const holdout = i % 3 === 0;
    return {
      id: `ROW${String(i).padStart(3, '0')}`,
      mark: holdout ? 'holdout' : i % 3 === 1 ? 'prior' : 'finegrained1',
      values: [hw, cin, hw * hw * cin],
      measuredMs,
      scatter: 0.004,
      flags: i === 5 ? ['unstable'] : [],
      predictedMs: Number((measuredMs * (1 + 0.04 * Math.sin(i))).toPrecision(4)),
      seen: !holdout && i % 3 === 1,
    };
  });
}

/** A kernel with so many rows. */
export function handWrittenKernel(kernel: string, rows: number, acc10: number): KernelReport {
  const axis = { keys: ['CIN'], values: [8, 16, 32, 64, 128] };
  return {
    kernel,
    family: kernel,
    description: 'a kernel that was written by hand',
    columns: ['HW', 'CIN', 'FLOPS'],
    keys: 2,
    rows: rowsOf(rows),
    rounds: [
      { mark: 'initial', rows: rows - 10, validation: metrics(acc10 - 0.1), holdout: metrics(acc10 - 0.05) },
      { mark: 'finegrained1', rows, validation: metrics(acc10 - 0.08), holdout: metrics(acc10) },
    ],
    ceiling: { rows, acc5: 0.98, acc10: 0.995, acc15: 1 },
    landscape: [
      {
        x: axis,
        y: { keys: ['HW'], values: [7, 14, 28] },
        fixed: {},
        latencyMs: [7, 14, 28].flatMap((hw) => axis.values.map((cin) => (hw === 28 && cin === 128 ? null : 0.001 * hw * cin))),
      },
    ],
    noise: {
      visits: Array.from({ length: 30 }, (_, i) => ({
        visit: i + 1,
        id: `ROW${String(i).padStart(3, '0')}`,
        slowdown: 1 + (i % 7) / 50,
        flags: i === 5 ? ['unstable'] : [],
      })),
      sessions: [{ visit: 1, at: '2026-11-25T10:00:00.000Z' }],
      made: 30,
    },
    failures: [],
    problems: [],
  };
}

/** A report that has every section, written by hand, so that what the page must show can be counted. */
export const handWrittenReport: ReportDocument = {
  format: REPORT_FORMAT,
  schemaVersion: REPORT_SCHEMA_VERSION,
  nnmVersion: '0.1.0',
  title: 'Written by hand </script><b>&',
  madeAt: '2026-11-25T12:00:00.000Z',
  facts: [
    { name: 'backend', value: 'by_hand' },
    { name: 'framework', value: 'tensorflow' },
    { name: 'made by', value: 'a_name_without_any_place_to_break_it_for_the_narrowest_of_screens_2021_01_19_v1215.generated' },
  ],
  kernels: [handWrittenKernel('one', 60, 0.95), handWrittenKernel('other', 24, 0.9)],
  environments: [{ kernels: ['one', 'other'], facts: [{ name: 'CPU', value: 'a machine, 2 logical cores' }] }],
  problems: ['Nothing has been measured yet of third.'],
  model: {
    name: 'tiny-net',
    totalMs: 10,
    lowMs: 9,
    highMs: 11.5,
    coverage: 0.8,
    measuredMs: 10.4,
    rows: [
      {
        name: 'stem',
        kernel: 'one',
        latencyMs: 3,
        lowMs: 2.8,
        highMs: 3.3,
        share: 0.3,
        source: 'predicted',
        flags: [],
        nodes: ['conv_0', 'relu_0'],
      },
      { name: 'body', kernel: 'one', latencyMs: 5, lowMs: 4.6, highMs: 5.6, share: 0.5, source: 'measured', flags: [] },
      { name: 'pool', kernel: 'other', latencyMs: 2, share: 0.2, source: 'estimated', flags: ['outside what was sampled'] },
      { name: 'head', kernel: 'CustomOp', latencyMs: null, share: 0, source: 'gap', flags: ['no kernel'] },
    ],
  },
  comparison: {
    before: '2.9.0',
    after: '2.10.0',
    threshold: 0.05,
    differences: ['runtime version was 2.9.0, is 2.10.0'],
    onlyBefore: [],
    onlyAfter: ['third'],
    kernels: [
      { kernel: 'one', verdict: 'slower', ratio: 1.12, low: 1.08, high: 1.15, configs: 60, flagged: 1, by: 'measured', pairs: [] },
      {
        kernel: 'other',
        verdict: 'ambiguous',
        ratio: 1.04,
        low: 1.01,
        high: 1.09,
        configs: 24,
        flagged: 0,
        by: 'measured',
        note: 'the interval crosses +5 %',
        pairs: [],
      },
    ],
  },
};
