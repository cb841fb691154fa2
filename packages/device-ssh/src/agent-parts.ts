import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The files of the agent, by name: `agent.mjs` and the measuring host that it starts. */
export type AgentParts = Readonly<Record<'agent.mjs' | 'worker.mjs', string>>;

/** The agent, bundled from its sources where nnm runs from those; a built package has its files ready. */
export async function readAgentParts(): Promise<AgentParts> {
  if (!import.meta.url.endsWith('.ts')) {
    const [agent, worker] = await Promise.all(
      ['agent.mjs', 'worker.mjs'].map((name) => readFile(new URL(`./${name}`, import.meta.url), 'utf8')),
    );
    return { 'agent.mjs': agent!, 'worker.mjs': worker! };
  }
  return bundleAgent();
}

/** Make the agent from its sources. */
export async function bundleAgent(): Promise<AgentParts> {
  const { bundleForNode } = await import('./bundle.ts');
  // The host's program is the profiler's own, which children of nnm run too.
  const worker = new URL('./src/host/worker.ts', new URL('./', pathOf('@nnm/profiler/package.json')));
  const [agent, host] = await Promise.all([
    bundleForNode(fileURLToPath(new URL('./agent/main.ts', import.meta.url)), 'inside'),
    bundleForNode(fileURLToPath(worker), 'inside'),
  ]);
  return { 'agent.mjs': agent, 'worker.mjs': host };
}

function pathOf(specifier: string): string {
  return pathToFileURL(createRequire(import.meta.url).resolve(specifier)).href;
}
