import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { otherNode } from '../scripts/other-node.mjs';

const majors = [20, 22, 24].filter((major) => !process.versions.node.startsWith(`${major}.`));
const nodes = await Promise.all(majors.map(async (major) => ({ major, node: await otherNode(major) })));
for (const { node } of nodes)
  if ('missing' in node) console.warn(`skipped: the same workspace under another Node, because ${node.missing}`);

let folder: string;
let program: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nnm nodes '));
  program = path.join(folder, 'build-by-formula.mjs');
  // All in one file, so that no Node has to compile it again.
  await build({
    entryPoints: [path.join(import.meta.dirname, '__fixtures__', 'build-by-formula.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@nnm/source'],
    banner: { js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);" },
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Every file of the workspace that this Node builds, with its hash. */
async function buildWith(file: string, name: string): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await promisify(execFile)(file, [program, path.join(folder, name)], { maxBuffer: 1e8 });
  return JSON.parse(stdout);
}

describe('the same workspace', () => {
  let here: Readonly<Record<string, string>>;
  beforeAll(async () => {
    here = await buildWith(process.execPath, 'here');
  });

  it('has predictors of every family, whose rounds measured more than the first', () => {
    const names = Object.keys(here);
    for (const family of ['conv', 'dwconv', 'engines-own']) expect(names).toContain(`predictor_build/results/predictors/${family}.json`);
    expect(names.some((name) => name.endsWith('_finegrained1.json'))).toBe(true);
  });

  for (const { major, node } of nodes) {
    it.skipIf('missing' in node)(`is byte-identical under Node ${major} (needs npm's package of its binary)`, async () => {
      if ('file' in node) expect(await buildWith(node.file, `node-${major}`)).toEqual(here);
    });
  }
});
