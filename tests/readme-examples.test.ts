import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPackages } from '../scripts/pack-all.mjs';

// Every program in a README runs as it stands there, and prints what the README says behind `// =>`.

const root = fileURLToPath(new URL('..', import.meta.url));
const packages = readdirSync(path.join(root, 'packages')).filter((name) => existsSync(path.join(root, 'packages', name, 'package.json')));
const readmes = ['README.md', ...packages.map((name) => `packages/${name}/README.md`)];

interface Example {
  readonly name: string;
  readonly source: string;
  /** What it prints, line by line, as far as the README says. */
  readonly prints: readonly string[];
}

const examples = readmes.flatMap((file): readonly Example[] => {
  const text = readFileSync(path.join(root, file), 'utf8');
  return [...text.matchAll(/^```(?:js|ts)\n(.*?)^```$/gms)].map((match): Example => {
    const source = match[1] ?? '';
    const line = text.slice(0, match.index).split('\n').length + 1;
    return { name: `${file}:${line}`, source, prints: [...source.matchAll(/\/\/ => (.*)$/gm)].map(([, said = '']) => said) };
  });
});

/** Nobody's test should measure for minutes what a reader measures once. */
const hurry = (source: string): string => source.replaceAll(/initSampleNum: \d+, iteration: \d+/g, 'initSampleNum: 12, iteration: 1');

const squeeze = (text: string): string => text.replaceAll(/\s+/g, ' ');

let folder: string;
beforeAll(async () => {
  await buildPackages(); // as a reader has them: from sources each program would take three times as long
  folder = await mkdtemp(path.join(tmpdir(), 'nnm readme '));
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('there are examples, some with what they print', () => {
  expect(examples.length).toBeGreaterThanOrEqual(6);
  expect(examples.some(({ prints }) => prints.length > 0)).toBe(true);
});

describe('the example of', () => {
  it.for(examples)('$name', async ({ name, source, prints }, { skip }) => {
    const file = path.join(folder, `${name.replaceAll(/\W/g, '-')}.mjs`);
    const { code } = await transform(hurry(source), { loader: 'ts', target: 'es2023' });
    await writeFile(file, code);
    const running = promisify(execFile)(process.execPath, [file], { cwd: folder, env: { ...process.env, NO_COLOR: '1' } });
    const { stdout } = await running.catch((error: Error) => {
      if (error.message.includes('ERR_RUNTIME_UNAVAILABLE')) skip('its runtime is missing on this machine');
      throw error;
    });
    for (const said of prints) expect(squeeze(stdout)).toContain(squeeze(said));
  });
});
