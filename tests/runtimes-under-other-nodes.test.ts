import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { otherNode } from '../scripts/other-node.mjs';
import { buildPackages } from '../scripts/pack-all.mjs';
import { builtBackends } from './built-backends.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const program = fileURLToPath(new URL('run-one-model.mjs', import.meta.url));

/** Every way in which a runtime is loaded: what a Node has, such as a navigator of its own, another may not have. */
const WAYS = {
  torch_cpu: [{ CALL: 'c_api' }, { CALL: 'javascript' }],
  litert_wasm: [{}, { THREADS: 2 }],
  ort_wasm: [{}, { THREADS: 2 }],
};

const backends = await builtBackends(WAYS);
const majors = [20, 22, 24].filter((major) => !process.versions.node.startsWith(`${major}.`));
const nodes = await Promise.all(majors.map(async (major) => ({ major, node: await otherNode(major) })));
for (const { major, node } of nodes) if ('missing' in node) console.warn(`skipped: runtimes under Node ${major}, because ${node.missing}`);

beforeAll(buildPackages);

describe.each(nodes)('under Node $major', ({ node }) => {
  it.skipIf('missing' in node).each(backends.map((backend) => [`${backend.id} ${JSON.stringify(backend.settings)}`, backend] as const))(
    "%s runs a model (needs npm's package of that Node)",
    async (_, { id, file, settings }) => {
      if (!('file' in node)) return;
      const { stdout } = await run(node.file, [program, file, id, JSON.stringify(settings)], { cwd: root });
      expect(JSON.parse(stdout)).toEqual({ ran: id, values: 512 });
    },
  );
});
