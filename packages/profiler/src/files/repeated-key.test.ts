import { expect, it } from 'vitest';
import { repeatedKey } from './repeated-key.ts';

it.each([
  ['{ "a": 1, "b": { "a": 2 }, "c": [{ "a": 1 }, { "a": 2 }] }', undefined],
  ['{ "text": "\\"a\\": 1, \\"a\\": 2", "a": "{" }', undefined],
  ['[]', undefined],
  ['7', undefined],
  ['{ "conv": { "A1": { "config": {} }, "B2": {}, "A1": { "config": {} } } }', ['conv', 'A1']],
  ['{ "conv": {}, "relu": {}, "conv": {} }', ['conv']],
  ['[{ "HW": 1, "CIN": [2], "\\u0048W": 3 }]', ['HW']],
])('%s', (text, expected) => {
  JSON.parse(text);
  expect(repeatedKey(text)).toEqual(expected);
});
