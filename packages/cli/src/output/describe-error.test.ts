import { NnmError } from '@nnm/core';
import { Ansis } from 'ansis';
import { expect, test } from 'vitest';
import { UsageError } from '../errors.ts';
import { renderError, reportError } from './describe-error.ts';

const plain = new Ansis(0);

test('an error of another copy of core is told like any other', () => {
  const foreign = Object.assign(new Error('There is no device.'), {
    [Symbol.for('nnm.error')]: true,
    code: 'ERR_DEVICE',
    hint: 'Plug one in.',
    toJSON: () => ({ code: 'ERR_DEVICE', message: 'There is no device.', hint: 'Plug one in.', details: {} }),
  });
  expect(renderError(foreign, false, plain)).toBe('Error: There is no device. [ERR_DEVICE]\nHint: Plug one in.');
});

test('what nnm did not throw on purpose is called unexpected and asks for a report', () => {
  const text = renderError(new TypeError('x is not a function'), false, plain);
  expect(text).toMatch(/^Error: An unexpected error: TypeError: x is not a function \[ERR_UNEXPECTED\]\nHint: Please report it at https:/);
  expect(text).not.toMatch(/^ {4}at /m);
  expect(reportError('just text')).toMatchObject({ code: 'ERR_UNEXPECTED', message: 'An unexpected error: just text', exitCode: 1 });
});

test('what the operating system refuses is no defect of nnm', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });
  expect(renderError(full, false, plain)).toBe(
    'Error: The operating system refused something: ENOSPC: no space left on device, write. [ERR_SYSTEM]\nHint: Check the disk and the place that output goes to, then run the same command again.',
  );
  expect(reportError(Object.assign(full, { path: 'a/b' }))).toMatchObject({ details: { path: 'a/b' }, exitCode: 1 });
});

test('verbose adds the stack and the causes', () => {
  const error = new NnmError({ code: 'ERR_X', message: 'It failed.' }, { cause: new RangeError('too far') });
  const text = renderError(error, true, plain);
  expect(text).toMatch(/^Error: It failed\. \[ERR_X\]\n/);
  expect(text).toMatch(/^ {4}at /m);
  expect(text).toContain('RangeError: too far');
});

test('exit codes', () => {
  expect(reportError(new UsageError({ message: 'No.' })).exitCode).toBe(2);
  expect(reportError(new NnmError({ code: 'ERR_ABORTED', message: 'Stopped.' })).exitCode).toBe(130);
  expect(reportError(new NnmError({ code: 'ERR_X', message: 'No.' })).exitCode).toBe(1);
});

test('an error that throws when it is looked at is told all the same', () => {
  const trap = (): never => {
    throw new Error('trap');
  };
  const hostile = [
    new Proxy({}, { get: trap, getPrototypeOf: trap }),
    Object.defineProperty(new TypeError('gone'), 'message', { get: trap }),
    Object.defineProperty(new Error('no name'), 'name', { get: trap }),
    new Error('outer', { cause: new Proxy(new Error('inner'), { get: trap }) }),
  ];
  for (const error of hostile) {
    expect(reportError(error)).toMatchObject({ code: 'ERR_UNEXPECTED', exitCode: 1 });
    expect(renderError(error, true, plain)).toContain('ERR_UNEXPECTED');
  }
});

test('what oclif announces is told without the announcement', () => {
  const wrong = (message: string) => reportError(Object.assign(new Error(message), { parse: {}, oclif: { exit: 2 } })).message;
  expect(wrong('The following error occurred:\n  Missing required flag backend\nSee more help with --help')).toBe(
    'Missing required flag --backend',
  );
  expect(wrong('The following errors occurred:\n  Missing required flag a\n  --b is twice\nSee more help with --help')).toBe(
    'Missing required flag --a; --b is twice',
  );
  expect(wrong('Missing 1 required arg:\n  kernel  Which.\nSee more help with --help')).toBe('Missing 1 required arg:\n  kernel  Which.');
});

test('a flag that does not exist may be another one', () => {
  const parse = { input: { flags: { budget: {}, workspace: {} } } };
  const hintFor = (...flags: readonly string[]) =>
    reportError(Object.assign(new Error(`Nonexistent flag: ${flags}\nSee more help with --help`), { parse, flags })).hint;
  expect(hintFor('--buget')).toBe('Did you mean --budget?');
  expect(hintFor('--buget', '--workspce')).toBe('Did you mean --budget, --workspace?');
  expect(hintFor('--nonsense')).toBe('Run it with --help to see what it takes.');
});
