import { expect, test } from 'vitest';
import { translateOriginal } from './original-names.ts';

test.each([
  [['--list-kernels'], ['kernels']],
  [
    ['--list-testcases', '--json'],
    ['fusion', 'cases', '--json'],
  ],
  [
    ['build', '--list-kernels'],
    ['build', '--list-kernels'],
  ],
  [[], []],
])('%j is %j', (argv, translated) => {
  expect(translateOriginal(argv)).toEqual(translated);
});
