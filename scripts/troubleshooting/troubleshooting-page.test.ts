import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readErrorShapes } from './error-codes.ts';
import { troubleshootingPage } from './troubleshooting-page.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('docs/troubleshooting.md lists the errors of the sources; `npm run make:troubleshooting` writes it', () => {
  const text = readFileSync(new URL('../../docs/troubleshooting.md', import.meta.url), 'utf8').replaceAll('\r\n', '\n');
  expect(text === troubleshootingPage(root), 'it is out of date').toBe(true);
});

it('finds message, hint and cause', () => {
  const shape = readErrorShapes(root).find(({ code }) => code === 'ERR_NO_PREDICTORS');
  expect(shape).toMatchObject({
    cause: 'A workspace has no finished predictor.',
    message: '<place> has no finished predictor.',
    hint: expect.stringContaining('nnm build'),
  });
});
