import { readFileSync } from 'node:fs';
import { OPERATORS } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { operatorsPage } from './operators/operators-page.ts';

describe('docs/operators.md', () => {
  const page = readFileSync(new URL('../docs/operators.md', import.meta.url), 'utf8').replaceAll('\r\n', '\n');

  it('is what `npm run make:operators` writes', () => {
    expect(page).toBe(operatorsPage());
  });

  it.each([...OPERATORS.keys()])('says what %s does, its shapes and how it is built', (op) => {
    const section = page.split(/^## /m).find((text) => text.startsWith(`${op}\n`)) ?? '';
    expect(section).toMatch(/^Shapes: .+\.$/m);
    expect(section).toMatch(/```text\n\w+\(.*\): /);
    expect(section).not.toMatch(/\| +\|/);
  });
});
