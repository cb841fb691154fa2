import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { priorFiles } from './prior-files.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

it.each(priorFiles())('$path is up to date (else run `npm run make:priors`)', async ({ path, text }) => {
  const committed = (await readFile(join(root, path), 'utf8')).replaceAll('\r\n', '\n');
  // Compared as a flag: a difference of a thousand lines would only hide the message.
  expect(committed === text, `${path} differs from what the zoo gives; run \`npm run make:priors\` and commit the result`).toBe(true);
});

it('has a row of every network', () => {
  const table = priorFiles().find(({ path }) => path.endsWith('/conv-prior.ts'))?.text;
  for (const model of ['alexnet', 'resnet-50', 'proxylessnas-mobile', 'shufflenet-v2-0.5']) expect(table).toContain(`['${model}', `);
});
