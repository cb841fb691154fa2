import { readFileSync } from 'node:fs';
import { OPERATORS } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { GRAPH, operatorsPage } from './operators/operators-page.ts';
import { readOperators } from './operators/read-operators.ts';

/** What the type of a builder method says it may be given behind what it needs. */
function optionalArgument(signature: string): 'options' | 'value' | undefined {
  if (/\boptions\??: /.test(signature)) return 'options';
  return /\?: /.test(signature) ? 'value' : undefined;
}

it.each(readOperators(GRAPH).map(({ op, methods }) => [op, methods] as const))(
  '%s checks the arguments that its types have',
  (op, methods) => {
    const typed = methods.map(({ signature }) => optionalArgument(signature)).find((argument) => argument !== undefined);
    expect(OPERATORS.get(op)?.lastArgument).toBe(typed);
  },
);

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
