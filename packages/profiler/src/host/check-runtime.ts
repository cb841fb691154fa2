import type { LoadedModel, Runtime, Tensor } from '@nnm/core';
import { InvalidRuntimeError } from '../errors.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a runtime's factory gave is a runtime. @throws {@link InvalidRuntimeError} */
export function checkRuntime(given: unknown): Runtime {
  const runtime = fieldsOf(given, 'what its factory returned', 'a runtime');
  const info = fieldsOf(runtime.info, '`info`', 'an object');
  for (const name of ['runtime', 'version']) expect(typeof info[name] === 'string', `\`info.${name}\``, 'a text', info[name]);
  expect(Number.isInteger(info.threads), '`info.threads`', 'an integer', info.threads);
  fieldsOf(info.options, '`info.options`', 'an object');
  expectFunctions(runtime, ['load', 'close'], '');
  for (const name of ['now', 'lost']) {
    expect(runtime[name] === undefined || typeof runtime[name] === 'function', `\`${name}\``, 'a function, or left out', runtime[name]);
  }
  return given as Runtime;
}

/** What a runtime loaded is a model. @throws {@link InvalidRuntimeError} */
export function checkModel(given: unknown): LoadedModel {
  expectFunctions(fieldsOf(given, 'what `load` returned', 'a model'), ['run', 'execute', 'close'], ' of a loaded model');
  return given as LoadedModel;
}

/** What a model answered are tensors. @throws {@link InvalidRuntimeError} */
export function checkOutputs(given: unknown): readonly Tensor[] {
  expect(Array.isArray(given), 'what `execute` returned', 'a list of tensors', given);
  for (const output of given as readonly unknown[]) {
    const { shape, data } = fieldsOf(output, 'what `execute` returned', 'a list of tensors');
    expect(
      Array.isArray(shape) && data instanceof Float32Array,
      'a tensor of `execute`',
      '{ shape: number[], data: Float32Array }',
      output,
    );
  }
  return given as readonly Tensor[];
}

function fieldsOf(value: unknown, what: string, expected: string): Fields {
  expect(typeof value === 'object' && value !== null, what, expected, value);
  return value as Fields;
}

function expectFunctions(fields: Fields, names: readonly string[], where: string): void {
  for (const name of names) expect(typeof fields[name] === 'function', `\`${name}\`${where}`, 'a function', fields[name]);
}

function expect(holds: boolean, what: string, expected: string, got: unknown): void {
  if (!holds) throw new InvalidRuntimeError({ problem: `${what} must be ${expected}, got ${kindOf(got)}` });
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean' || typeof value === 'number') return String(value);
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object without that' : `a ${typeof value}`;
}
