import { readFileSync } from 'node:fs';
import type { Plugin } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { KERNEL_PACKAGES, readmeOf } from './kernel-tables/kernel-packages.ts';
import { withKernelTables } from './kernel-tables/kernel-tables.ts';

/** Of workspaces, not of kernels. */
const SETTINGS = ['MAX_FLOPS', 'MAX_BYTES'];

describe.each(KERNEL_PACKAGES.map((plugin): [string, Plugin] => [plugin.name, plugin]))('the README of %s', (_, plugin) => {
  const readme = readFileSync(readmeOf(plugin), 'utf8').replaceAll('\r\n', '\n');

  it('has the tables that `npm run make:kernel-tables` writes', () => {
    expect(readme).toBe(withKernelTables(readme, plugin));
  });

  it('names no key and no feature that no kernel has', () => {
    const kernels = plugin.kernels ?? [];
    const known = new Set(kernels.flatMap(({ configSpace, features }) => [...Object.keys(configSpace), ...features.featureNames]));
    const code = [...readme.matchAll(/`([^`\n]+)`/g)].flatMap(([, text = '']) => text.split(/[\s,()/*]+/));
    const named = code.filter((word) => /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(word) && word.length > 2 && !SETTINGS.includes(word));
    expect(named.filter((word) => !known.has(word))).toEqual([]);
  });
});
