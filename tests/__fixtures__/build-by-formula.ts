/**
 * Program: build a workspace on a device that is a formula, and print the SHA-256 of everything in it as JSON.
 *
 * @example node build-by-formula.mjs <folder>
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { buildLatencyPredictor, createRegistry, createWorkspace, readWorkspaceConfig, runToEnd, workspaceContext } from '@nnm/builder';
import plugin from './formula-device.ts';

/** What a file says, without the hour and the machine, which are not of the result. */
function withoutOccasion(text: string): string {
  return text.replace(/"(environment|at)":\s*("[^"]*"|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})/g, '"$1": null');
}

const folder = process.argv[2] as string;
const registry = createRegistry([plugin]);
const workspace = await createWorkspace(folder, {
  backend: registry.backend('formula'),
  kernels: registry.kernels.map(({ value }) => value.type),
  seed: 7,
  kernelSettings: { initSampleNum: 50, holdoutSampleNum: 15, iteration: 2, finegrainedSampleNum: 2 },
});
const config = await readWorkspaceConfig(workspace, registry);
const { failures } = await runToEnd(buildLatencyPredictor(workspaceContext(registry, workspace, config)));
if (failures.length > 0) throw failures[0]?.error;

const entries = await readdir(folder, { recursive: true, withFileTypes: true });
const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
const hashes: [string, string][] = [];
for (const file of files.sort()) {
  // The hashes of the other files, hour and machine included.
  if (path.basename(file) === 'written.jsonl') continue;
  const text = withoutOccasion(await readFile(file, 'utf8'));
  const name = path.relative(folder, file).replaceAll(path.sep, '/');
  hashes.push([name, createHash('sha256').update(text).digest('hex')]);
}
console.log(JSON.stringify(Object.fromEntries(hashes)));
