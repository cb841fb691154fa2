import { expect, it } from 'vitest';
import { handWrittenReport } from '../__fixtures__/hand-written-report.ts';
import { renderMarkdown } from './render-markdown.ts';

it('says accuracy, model and comparison as tables that GitHub shows', () => {
  const text = renderMarkdown(handWrittenReport);
  expect(text).toContain('| one | 60 | 1 | hold-out | 75.0 % | 95.0 % | 100.0 % | 99.5 % | 5.0 % | 15.0 % |');
  expect(text).toContain('**tiny-net: 10 ms**, 9 ms to 11.5 ms with 80 % probability; measured: 10.4 ms');
  expect(text).toContain('| head | CustomOp | gap | – | – | 0.0 % | no kernel |');
  expect(text).toContain('| one | 🔴 slower | +12.0 % | +8.0 % to +15.0 % | 60 | measured |  |');
  expect(text).toContain('Only in 2.10.0: third.');
  for (const table of text.split('\n\n').filter((block) => block.startsWith('|'))) {
    const widths = table.split('\n').map((line) => line.split(/(?<!\\)\|/).length);
    expect(new Set(widths).size, table).toBe(1);
  }
});
