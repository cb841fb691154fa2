import path from 'node:path';
import { expect, it } from 'vitest';
import { isBelow, portableName } from './portable-name.ts';

it('names files alike on every system', () => {
  expect(portableName('/ws', '/ws/predictor_build/results/toy.jsonl', path.posix)).toBe('predictor_build/results/toy.jsonl');
  expect(portableName('C:\\ws', 'C:\\ws\\predictor_build\\results\\toy.jsonl', path.win32)).toBe('predictor_build/results/toy.jsonl');
  expect(portableName('C:\\ws', 'c:\\WS\\a b\\c.json', path.win32)).toBe('a b/c.json');
  expect(portableName('\\\\server\\share\\ws', '\\\\server\\share\\ws\\a\\b', path.win32)).toBe('a/b');
});

it.each([
  [path.posix, '/ws', '/ws/a', true],
  [path.posix, '/ws', '/ws/..a', true],
  [path.posix, '/ws', '/ws', false],
  [path.posix, '/ws', '/wsx/a', false],
  [path.posix, '/ws/a', '/ws', false],
  [path.win32, 'C:\\ws', 'C:\\ws\\..a\\b', true],
  [path.win32, 'C:\\ws', 'c:\\WS\\a', true],
  [path.win32, 'C:\\ws', 'C:\\other', false],
  [path.win32, 'C:\\ws', 'D:\\ws\\a', false],
] as const)('%# in %s lies %s: %s', (flavour, folder, file, below) => {
  expect(isBelow(folder, file, flavour)).toBe(below);
});
