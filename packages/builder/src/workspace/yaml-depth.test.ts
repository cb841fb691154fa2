import { expect, test } from 'vitest';
import { parseYaml } from './yaml-file.ts';

test.each([
  ['lists', '['.repeat(100_000)],
  ['closed lists', '['.repeat(20_000) + ']'.repeat(20_000)],
  ['lists in one line', `${'- '.repeat(20_000)}x`],
  ['indentation', Array.from({ length: 2000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ['maps', '{a: '.repeat(20_000)],
  [
    'aliases',
    `a: &a [x, x]\n${'bcdefghij'.replace(/./g, (name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[index]}`).join()}]\n`)}`,
  ],
])('%s without end are a problem of the file', (_, text) => {
  expect(() => parseYaml('deep.yaml', text)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_FILE' }));
});
