import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { askUser } from './ask-user.ts';

/** The answer to keys that are pressed once the question is there, and what was shown. */
async function answer(keys: string | undefined) {
  const input = new PassThrough();
  const output = new PassThrough();
  let shown = '';
  let isPressed = false;
  output.on('data', (chunk) => {
    shown += chunk;
    if (isPressed || !shown.includes('now and later?')) return;
    isPressed = true;
    setImmediate(() => (keys === undefined ? input.end() : input.write(keys)));
  });
  const result = await askUser('/some/project', 'nnm.config.ts', { input, output });
  return { result, shown: stripVTControlCharacters(shown) };
}

test.each([
  ['y\r', true],
  ['yes\r', true],
  ['Yes\r', true],
  ['n\r', false],
  ['no\r', false],
  ['\r', false],
  ['what?\r', false],
  ['\u0004', undefined],
  [undefined, undefined],
])('the keys %j mean %s', async (keys, meaning) => {
  const { result, shown } = await answer(keys);
  expect(result).toBe(meaning);
  expect(shown).toMatch(
    /^nnm\.config\.ts in \/some\/project is a program that nnm would run\.\n\? May nnm run code of this folder, now and later\? \(y\/N\)/,
  );
});

test('Ctrl-C ends the command', async () => {
  await expect(answer('\u0003')).rejects.toMatchObject({ code: 'ERR_ABORTED' });
});

test('what is shown is ASCII, with any locale', async () => {
  expect((await answer('y\r')).shown).toMatch(/^[\r\n -~]+$/);
});
