import { readFileSync } from 'node:fs';
import { assertPlugin, createRegistry, type InvalidSettingsError } from '@nnm/core';
import { backendContract } from '@nnm/core/testing';
import { describe, expect, it } from 'vitest';
import plugin, { torchCpu } from './index.ts';

describe('torch_cpu through the C API', () => {
  for (const { name, run } of backendContract(torchCpu, { settings: { CALL: 'c_api' } })) it(name, run);
});

describe('torch_cpu through JavaScript', () => {
  for (const { name, run } of backendContract(torchCpu, { settings: { CALL: 'javascript' } })) it(name, run);
});

describe('torch_cpu with two threads', () => {
  for (const { name, run } of backendContract(torchCpu, { settings: { THREADS: 2 } })) it(name, run);
});

describe('torch_cpu without graph optimisation', () => {
  for (const { name, run } of backendContract(torchCpu, { settings: { GRAPH_OPTIMIZATION: 'disabled' } })) it(name, run);
});

describe('settings', () => {
  it('have their defaults, also for an empty file', () => {
    const defaults = { THREADS: 1, GRAPH_OPTIMIZATION: 'all', CALL: 'auto' };
    expect(torchCpu.parseSettings(null)).toEqual(defaults);
    expect(torchCpu.parseSettings({})).toEqual(defaults);
    expect(torchCpu.parseSettings({ LIBRARY: null })).toMatchObject(defaults);
  });

  it('that are wrong are all listed, each with its key', () => {
    const wrong = { THREADS: -1, GRAPH_OPTIMIZATION: 'most', CALL: 1, LIBRARY: 'lib.so', THREAD: 2 };
    expect(() => torchCpu.parseSettings(wrong)).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_SETTINGS',
        problems: [
          { key: 'THREADS', message: 'must be an integer from 1 to 1024, got -1' },
          { key: 'GRAPH_OPTIMIZATION', message: 'must be one of all, extended, basic, disabled, got "most"' },
          { key: 'CALL', message: 'must be one of auto, c_api, javascript, got 1' },
          { key: 'LIBRARY', message: 'must be the absolute path of a library, got "lib.so"' },
          { key: 'THREAD', message: 'is not a setting; did you mean THREADS?' },
        ],
      } satisfies Partial<InvalidSettingsError>),
    );
    expect(() => torchCpu.parseSettings(['THREADS'])).toThrow(
      'The settings of torch_cpu are not valid: must be a map of settings, got a list.',
    );
  });
});

describe('the package', () => {
  it('is a plugin with the version of its package.json', () => {
    const { name, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    assertPlugin(plugin);
    expect(plugin).toMatchObject({ name, version });
    expect(createRegistry([plugin]).backend('torch_cpu')).toBe(torchCpu);
  });
});
