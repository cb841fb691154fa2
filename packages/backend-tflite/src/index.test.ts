import { readFileSync } from 'node:fs';
import { createRegistry } from '@nnm/core';
import { expect, it } from 'vitest';
import plugin, { TfliteCpuBackend, tfliteCpu } from './index.ts';

it('is a plugin with one backend, under its package name and version', () => {
  const { name, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Record<string, string>;
  expect(plugin).toMatchObject({ name, version, apiVersion: 1 });
  expect(createRegistry([plugin]).backend('tflite_cpu')).toBe(tfliteCpu);
  expect(tfliteCpu).toBeInstanceOf(TfliteCpuBackend);
});
