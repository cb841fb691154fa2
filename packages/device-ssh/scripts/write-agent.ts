// Puts the bundled agent into the built package: `dist/agent.mjs`, and the measuring host that it starts.
import { writeFile } from 'node:fs/promises';
import { bundleAgent } from '../src/agent-parts.ts';

for (const [name, text] of Object.entries(await bundleAgent())) await writeFile(new URL(`../dist/${name}`, import.meta.url), text);
