import { expect, it } from 'vitest';
import { handWrittenReport } from '../__fixtures__/hand-written-report.ts';
import type { ModelReport } from '../data/report-document.ts';
import { nodeDataOverlay } from './node-data-overlay.ts';

it('gives every node its share of the latency, and gaps none', () => {
  const { main } = nodeDataOverlay(handWrittenReport.model as ModelReport);
  expect(main?.results).toEqual({ conv_0: { value: 1.5 }, relu_0: { value: 1.5 }, body: { value: 5 }, pool: { value: 2 } });
  expect(main?.gradient.map(({ stop }) => stop)).toEqual([0, 0.5, 1]);
});
