import { expect, it } from 'vitest';
import { handWrittenReport } from '../__fixtures__/hand-written-report.ts';
import type { ModelReport } from '../data/report-document.ts';
import { type NodeDataOverlay, nodeDataOverlay } from './node-data-overlay.ts';

/**
 * What Model Explorer makes of the text of a file: `getNodeDataProviderData` and `getColorFromGradient` of
 * node_data_provider_extension_service.ts (google-ai-edge/model-explorer, 2c8226a), for one open graph.
 */
function asViewerReads(text: string): { readonly results: NodeDataOverlay['results']; colourOf(node: string): string } {
  const json = JSON.parse(text);
  const isOneGraph = json.results != null && json.results.results == null;
  if (!isOneGraph) throw new Error('the viewer takes the keys of the file for ids of graphs');
  const { results, gradient } = json as NodeDataOverlay;
  const values = Object.values(results).map(({ value }) => value);
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const rgb = (hex: string): readonly number[] => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  const colourOf = (node: string): string => {
    const stop = ((results[node]?.value ?? Number.NaN) - min) / (max - min);
    const at = gradient.findIndex((item, index) => stop >= item.stop && stop <= (gradient[index + 1]?.stop ?? -1));
    const [from, to] = [gradient[at], gradient[at + 1]];
    if (from === undefined || to === undefined) return 'transparent';
    const ratio = (stop - from.stop) / (to.stop - from.stop);
    const [start, end] = [rgb(from.bgColor), rgb(to.bgColor)];
    return `#${start
      .map((one, i) =>
        Math.floor(one + ((end[i] as number) - one) * ratio)
          .toString(16)
          .padStart(2, '0'),
      )
      .join('')}`;
  };
  return { results, colourOf };
}

it('gives every node its share of the latency, and gaps none, as the viewer reads it', () => {
  const text = JSON.stringify(nodeDataOverlay(handWrittenReport.model as ModelReport));
  const { results, colourOf } = asViewerReads(text);
  expect(results).toEqual({ conv_0: { value: 1.5 }, relu_0: { value: 1.5 }, body: { value: 5 }, pool: { value: 2 } });
  expect([colourOf('conv_0'), colourOf('body'), colourOf('head')]).toEqual(['#e8f3ec', '#f2777d', 'transparent']);
});

it('has the fields that the viewer knows, and no others', () => {
  const overlay = nodeDataOverlay(handWrittenReport.model as ModelReport);
  expect(Object.keys(overlay)).toEqual(['name', 'results', 'gradient']);
  expect(overlay.gradient.map(({ stop }) => stop)).toEqual([0, 0.5, 1]);
  expect(overlay.gradient.every(({ bgColor }) => /^#[0-9a-f]{6}$/.test(bgColor))).toBe(true);
});
