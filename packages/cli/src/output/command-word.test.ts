import { expect, it } from 'vitest';
import { commandWord } from './command-word.ts';

it.each([
  ['my-laptop', 'my-laptop'],
  ['../模型/ü_1.2', '../模型/ü_1.2'],
  ['a folder', "'a folder'"],
  ["it's $HOME", "'it'\\''s $HOME'"],
  ['', "''"],
])('writes %s as %s', (word, written) => {
  expect(commandWord(word, 'linux')).toBe(written);
});

it('quotes for Windows what has to be, and backslashes do not', () => {
  expect(commandWord(String.raw`C:\work\ws`, 'win32')).toBe(String.raw`C:\work\ws`);
  expect(commandWord(String.raw`C:\my work`, 'win32')).toBe(String.raw`"C:\my work"`);
});
