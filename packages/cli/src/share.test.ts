import { expect, it } from 'vitest';
import { parseShare } from './share.ts';

it.each([
  ['5%', 0.05],
  ['2.5 %', 0.025],
  ['0.2', 0.2],
  ['150%', 1.5],
])('reads %s', (text, share) => {
  expect(parseShare(text, '--x')).toBeCloseTo(share, 12);
});

it.each(['', '0%', '-5%', '5 percent', 'NaN'])('refuses "%s"', (text) => {
  expect(() => parseShare(text, '--max-interval')).toThrow(`--max-interval must be a share such as 5%. Got "${text}".`);
});
