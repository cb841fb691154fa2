import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import plugin from './index.ts';

it('is a plugin of kernels, under its package name and version', () => {
  const { name, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Record<string, string>;
  expect(plugin).toMatchObject({ name, version, apiVersion: 1 });
});
