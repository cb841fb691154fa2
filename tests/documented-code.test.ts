import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { documentedFiles, writeFiles } from './documented-code.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
let folder: string;

// Inside the repository, where @nnm/core is found.
beforeAll(async () => {
  folder = await mkdtemp(join(root, '.documented-code-'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  const compilerOptions = { composite: false, declaration: false, declarationMap: false, emitDeclarationOnly: false, noEmit: true };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../tsconfig.base.json', compilerOptions }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each([
  ['custom-kernels.md', ['gate.ts', 'stem.ts', 'gate.test.ts', 'stem.test.ts']],
  ['custom-regressors.md', ['nearest.ts', 'nearest.test.ts']],
  ['custom-backends.md', ['backend.ts', 'runtime.ts', 'backend.test.ts']],
])('the code of %s meets the contract as it stands', async (document, names) => {
  const files = await documentedFiles(document);
  expect(Object.keys(files)).toEqual(names);
  await writeFiles(folder, files);
  for (const name of names.filter((name) => name.endsWith('.test.ts'))) {
    const argv = ['--import', 'tsx', '--conditions=@nnm/source', '--test-reporter=tap', join(folder, name)];
    const options = { cwd: root, env: { ...process.env, NODE_TEST_CONTEXT: undefined } };
    const { stdout } = await run(process.execPath, argv, options).catch((error: { stdout: string }) => error);
    expect(stdout).toMatch(/^# pass [1-9]\d*$/m);
    expect(stdout, stdout).toMatch(/^# fail 0$/m);
  }
});

it('the code of both compiles', async () => {
  // What the documents add to a class needs no `override` in the reader's own project.
  const tsc = join(root, 'node_modules', '@typescript', 'native', 'bin', 'tsc');
  const { stdout } = await run(process.execPath, [tsc, '-p', folder, '--noImplicitOverride', 'false']).catch(
    (error: { stdout: string }) => error,
  );
  expect(stdout).toBe('');
});

it('a short kernel is a short file', async () => {
  const { 'gate.ts': code } = await documentedFiles('custom-kernels.md');
  const lines = (code as string).split('\n').filter((line) => line.trim() !== '');
  expect(lines.length).toBeLessThanOrEqual(26);
});
