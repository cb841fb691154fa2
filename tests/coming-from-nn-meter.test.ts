import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as builder from '@nnm/builder';
import * as predictor from '@nnm/predictor';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nnMeterFolder } from '../packages/cli/test/nn-meter-folder.ts';
import { documentedFiles, writeFiles } from './documented-code.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const old = Object.fromEntries(Object.entries(nnMeterFolder()).map(([name, content]) => [`old/${name}`, content]));
let page: string;
let folder: string;
beforeAll(async () => {
  page = await readFile(join(root, 'docs', 'coming-from-nn-meter.md'), 'utf8');
  folder = await mkdtemp(join(root, '.documented-code-')); // inside the repository, where the packages are found
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('the program of the page trains on the files of nn-Meter', async () => {
  const files = await documentedFiles('coming-from-nn-meter.md');
  expect(Object.keys(files)).toEqual(['train-on-nn-meter-data.ts']);
  await writeFiles(folder, { ...files, 'package.json': '{ "type": "module" }\n' });
  for (const [name, content] of Object.entries(old)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  const program = ['--import', import.meta.resolve('tsx'), '--conditions=@nnm/source', join(folder, 'train-on-nn-meter-data.ts')];
  const { stdout } = await run(process.execPath, program, { cwd: folder });
  expect(stdout).toMatch(/^acc10 [01](\.\d+)?, \d+ large errors\n[\d.]+ ms\n$/);
  expect(await readFile(join(folder, 'trained', 'collection', 'conv-bn-relu_prior.csv'), 'utf8')).toMatch(/^kernel,id,HW,CIN,COUT/);
});

it("every function in nnm's column exists", () => {
  const rows = page.slice(page.indexOf('## Functions'), page.indexOf('## Classes')).matchAll(/^\| [^|]*\| ([^|]+)\|/gm);
  const names = [...rows].flatMap(([, cell]) => [...(cell as string).matchAll(/`(\w+)(?=[(`])/g)].map(([, name]) => name as string));
  const stages = names.filter((name) => /^[a-z]/.test(name) && name !== 'registry' && name !== 'context');
  expect(stages.length).toBeGreaterThan(15);
  expect(stages.filter((name) => !(name in builder) && !(name in predictor))).toEqual([]);
});
