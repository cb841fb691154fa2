import { expect, it } from 'vitest';
import { parseNodes } from './parse-nodes.mjs';

it.each([
  [[], { nodes: [20, 22, 24], rest: [] }],
  [['--nodes', '20,24', 'packages/core'], { nodes: [20, 24], rest: ['packages/core'] }],
  [['packages/core', '--nodes=v22'], { nodes: [22], rest: ['packages/core'] }],
])('%j', (argv, parsed) => {
  expect(parseNodes(argv)).toEqual(parsed);
});

it.each([['18'], ['20,x'], ['']])('--nodes %j is refused', (text) => {
  expect(() => parseNodes(['--nodes', text])).toThrow('must list some of 20, 22, 24');
});
