// Runs the tests under several versions of Node: `npm run test:nodes`, `npm run test:nodes -- --nodes 20,24 packages/cli/src/input`.
// The versions come from npm's packages of their binaries.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { otherNode } from './other-node.mjs';
import { buildPackages } from './pack-all.mjs';
import { parseNodes } from './parse-nodes.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');

/** Run vitest under a Node, which is also the first one that its children find. @returns what went wrong, or undefined */
function runUnder(file, rest) {
  const key = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const env = { ...process.env, [key]: `${path.dirname(file)}${path.delimiter}${process.env[key] ?? ''}` };
  const { status, error } = spawnSync(file, [vitest, 'run', ...rest], { cwd: root, stdio: 'inherit', env });
  if (error !== undefined) return `cannot be started (${error.code})`;
  return status === 0 ? undefined : 'has failing tests';
}

try {
  const { nodes, rest } = parseNodes(process.argv.slice(2));
  const failures = [];
  await buildPackages(); // tests start what is built
  for (const major of nodes) {
    const isThis = process.versions.node.startsWith(`${major}.`);
    const node = isThis ? { file: process.execPath } : await otherNode(major);
    console.log(`\nNode ${major}: ${node.file ?? node.missing}`);
    const problem = node.file === undefined ? `is not there: ${node.missing}` : runUnder(node.file, rest);
    if (problem !== undefined) failures.push(`Node ${major} ${problem}`);
  }
  console.log(failures.length === 0 ? `\nAll tests pass under Node ${nodes.join(', ')}.` : `\n${failures.join('\n')}`);
  process.exitCode = failures.length === 0 ? 0 : 1;
} catch (error) {
  console.error(`test:nodes: ${error.message}`);
  process.exitCode = 1;
}
