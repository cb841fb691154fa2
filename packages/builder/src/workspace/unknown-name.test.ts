import { expect, test } from 'vitest';
import { unknownName } from './unknown-name.ts';

test('the nearest names are suggested', () => {
  expect(unknownName('kernel', 'rellu', ['relu', 'add'])).toBe('there is no kernel "rellu"; did you mean "relu"?');
});

test('few names are listed, many are not: the sentence is about the one that is missing', () => {
  expect(unknownName('kernel', 'gone-conv', ['relu', 'add'])).toBe(
    'there is no kernel "gone-conv". Known: relu, add. Its plugin may be missing from the nnm config',
  );
  const many = Array.from({ length: 90 }, (_, i) => `op${i}`);
  expect(unknownName('kernel', 'gone-conv', many)).toBe('there is no kernel "gone-conv". Its plugin may be missing from the nnm config');
});
