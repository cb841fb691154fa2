import { NnmError } from '@nnm/core';
import { describe, expect, test } from 'vitest';
import { blameForeignCode, PluginFailedError, type Suspect } from './blame.ts';

const suspect: Suspect = {
  plugin: { name: 'guilty' },
  origin: { kind: 'config', file: '/p/nnm.config.json' } as never,
  places: ['/p/guilty'],
};
const blame = (error: unknown, plugins: readonly Suspect[] = [suspect]) => blameForeignCode(error, { plugins });
const trap = (): never => {
  throw new Error('trap');
};
const withStack = (error: Error, stack: unknown): Error => Object.assign(error, { stack });

describe('what comes from code of others', () => {
  test.each([
    ['is no error', undefined],
    ['is an object without a prototype', Object.create(null)],
    ['cannot be looked at', new Proxy({}, { get: trap, getPrototypeOf: trap })],
    ['has a message that throws', Object.defineProperty(new TypeError('gone'), 'message', { get: trap })],
    ['has a name that throws', Object.defineProperty(new Error('gone'), 'name', { get: trap })],
    ['has no stack', withStack(new Error('gone'), undefined)],
    ['has a stack without a place', withStack(new Error('gone'), 'Error: gone')],
    ['has a place in it', withStack(new Error('gone'), 'Error: gone\n    at f (/p/guilty/index.js:1:2)')],
  ])('%s', (_, error) => {
    expect(blame(error)).toBeInstanceOf(PluginFailedError);
    expect(blame(error)).toMatchObject({ message: expect.stringContaining('"guilty"') });
    expect(blame(error, [])).toBe(error);
  });

  test('is nothing of nnm, and nothing of the system', () => {
    const system = Object.assign(withStack(new Error('ENOENT: no such file'), 'Error: ENOENT'), { code: 'ENOENT', syscall: 'open' });
    for (const error of [new NnmError({ code: 'ERR_X', message: 'X.' }), new TypeError('of nnm'), system]) expect(blame(error)).toBe(error);
  });
});
