#!/usr/bin/env -S node --import tsx --conditions=@nnm/source
// nnm from its sources, no build needed: `node --import tsx --conditions=@nnm/source packages/cli/bin/dev.js <command>`
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { superviseForeignCode } from '@nnm/cli/supervise';

if (!(await superviseForeignCode(fileURLToPath(import.meta.url)))) {
  const [{ Config }, { runProgram }] = await Promise.all([import('@oclif/core'), import('@nnm/cli/run-program')]);
  // The manifest beside package.json describes the last build: with src/ as the root it is not found, and the sources are read.
  const root = fileURLToPath(new URL('../src', import.meta.url));
  const { oclif, ...manifest } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const hooks = { command_not_found: './hooks/command-not-found' };
  const pjson = { ...manifest, oclif: { ...oclif, hooks, commands: { strategy: 'pattern', target: './commands' } } };
  const config = new Config({ root, pjson });
  await config.load();
  await runProgram(config);
}
