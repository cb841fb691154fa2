import type { KernelBuild } from '@nnm/builder';
import { Ansis } from 'ansis';
import { expect, it } from 'vitest';
import { renderGrades } from './build-report.ts';

const metrics = { rows: 20, rmseMs: 0.1, rmspe: 0.05, acc5: 0.8, acc10: 0.9, acc15: 0.95, medianError: 0.02, worstDecile: 0.2 };
const graded = (ceiling?: object) =>
  renderGrades([{ kernel: 'relu', built: { metrics, ...(ceiling && { ceiling }) } as unknown as KernelBuild['built'] }], new Ansis(0));

it('shows what the labels allow where it is known, and says where it is not', () => {
  expect(graded({ rows: 12, acc5: 0.97, acc10: 1, acc15: 1 })).toMatch(/labels' own scatter +12 .*97\.0 %/);
  expect(graded()).toMatch(/labels' own scatter +unknown/);
  expect(graded()).not.toContain('100.0 %');
});
