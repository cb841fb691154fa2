import { describe, expect, it } from 'vitest';
import { NnmError } from '../errors/index.ts';
import { toyKernel } from '../kernel/__fixtures__/toy-kernels.ts';
import { ReferenceBackend } from '../testing/index.ts';
import { assertPlugin, createRegistry, definePlugin, type Plugin } from './index.ts';

const plugin = (name: string, rest: Partial<Plugin> = {}) => definePlugin({ name, apiVersion: 1, ...rest });

describe('createRegistry', () => {
  const registry = createRegistry([
    plugin('mine', {
      kernels: [toyKernel('relu'), toyKernel('hswish', 'acts'), toyKernel('swish', 'acts')],
      backends: [new ReferenceBackend()],
    }),
  ]);

  it('finds by id and remembers who provides what', () => {
    expect(registry.kernel('relu').type).toBe('relu');
    expect(registry.backend('reference').id).toBe('reference');
    expect(registry.kernels.map(({ value, plugin: owner }) => [value.type, owner])).toContainEqual(['hswish', 'mine']);
    expect(registry.family('acts').map(({ type }) => type)).toEqual(['hswish', 'swish']);
  });

  it('suggests the nearest id for an unknown one', () => {
    const find = () => registry.kernel('hswihs');
    expect(find).toThrow(/There is no kernel "hswihs". Known: relu, hswish, swish/);
    expect(catchError(find)).toMatchObject({ code: 'ERR_UNKNOWN_KERNEL', hint: expect.stringContaining('"hswish"') });
    expect(catchError(() => registry.backend('nowhere')).hint).toMatch(/plugin that provides it/);
  });

  it('rejects an id that two plugins provide, naming both', () => {
    const make = () => createRegistry([plugin('a', { kernels: [toyKernel('relu')] }), plugin('b', { kernels: [toyKernel('relu')] })]);
    expect(make).toThrow('Both a and b provide the kernel "relu".');
    expect(() => createRegistry([plugin('a'), plugin('a')])).toThrow('Both a and a provide the plugin "a".');
  });

  it('takes names with an underscore, as the original has them', () => {
    const names = createRegistry([plugin('mine', { kernels: [toyKernel('mykernel_tf'), toyKernel('mykernel_torch')] })]);
    expect(names.kernel('mykernel_tf').type).toBe('mykernel_tf');
  });

  it('rejects a family whose kernels have different features, naming both and their plugins', () => {
    const wide = { ...toyKernel('wide', 'acts') };
    const narrow = { ...toyKernel('narrow', 'acts'), features: Object.create(wide.features, { featureNames: { value: ['HW'] } }) };
    const make = () => createRegistry([plugin('a', { kernels: [wide] }), plugin('b', { kernels: [narrow] })]);
    expect(make).toThrow(/family "acts" share a predictor but have different features: wide of a has HW, CIN.*; narrow of b has HW\./);
    expect(catchError(make)).toMatchObject({ code: 'ERR_FAMILY_FEATURES', hint: expect.stringContaining('family of its own') });
  });

  it.each([0, 2])('rejects plugin API %j, naming both versions', (apiVersion) => {
    const make = () => createRegistry([plugin('future', { apiVersion: apiVersion as number })]);
    expect(make).toThrow(`future is made for plugin API ${apiVersion}; this @nnm/core speaks plugin API 1.`);
  });

  it('does not let a caller change it', () => {
    expect(() => (registry.kernels as unknown[]).push({})).toThrow(TypeError);
    expect(() => Object.assign(registry, { kernels: [] })).toThrow(TypeError);
  });
});

describe('assertPlugin', () => {
  it('lists everything that is wrong', () => {
    const wrong = { name: 'half', apiVersion: '1', kernels: [{ type: 'Not OK' }], backends: 'none' };
    const { message } = catchError(() => assertPlugin(wrong));
    expect(message).toContain('half is not an nnm plugin');
    for (const part of [
      '`apiVersion` must be a number, got "1"',
      '`kernels[0]` `type` must be lower-case letters and digits',
      '"Not OK"',
      'needs `block`',
      'needs `sampler`',
      '`backends` must be an array',
    ]) {
      expect(message).toContain(part);
    }
  });

  it('names the package when there is nothing to name', () => {
    expect(() => assertPlugin(undefined, 'nnm-empty')).toThrow('nnm-empty is not an nnm plugin: its default export is missing');
    expect(() => assertPlugin({ apiVersion: 1 }, 'nnm-anonymous')).toThrow(
      /nnm-anonymous is not an nnm plugin: `name` must be the package name/,
    );
  });
});

function catchError(run: () => unknown): NnmError {
  try {
    run();
  } catch (error) {
    if (NnmError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
