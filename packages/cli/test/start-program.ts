import { execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildPackages } from '../../../scripts/pack-all.mjs';

// The program itself, built, as a shell would start it: from its sources each start would take three times as long.
await buildPackages();
export const program = fileURLToPath(new URL('../bin/nnm.js', import.meta.url));

const fromSources = ['--import', import.meta.resolve('tsx'), '--conditions=@nnm/source', program.replace(/nnm\.js$/, 'dev.js')];

/** What the program writes when it is run from its sources. */
export async function runFromSources(argv: readonly string[], cwd: string): Promise<string> {
  return (await promisify(execFile)(process.execPath, [...fromSources, ...argv], { cwd })).stdout;
}

/** Start the program; `ended` is what it has said when it is over. */
export function start(argv: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}) {
  const { NO_COLOR: _, FORCE_COLOR: __, DEBUG: ___, NODE_ENV: ____, ...inherited } = process.env;
  const child = spawn(process.execPath, [program, ...argv], {
    cwd,
    env: { ...inherited, ...env },
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) child[name].setEncoding('utf8').on('data', (chunk: string) => (output[name] += chunk));
  const ended = new Promise<{ stdout: string; stderr: string; exitCode: number | null }>((resolve) =>
    child.on('close', (exitCode) => resolve({ ...output, exitCode })),
  );
  const says = (words: string) =>
    new Promise<void>((resolve) => {
      const look = () => output.stderr.includes(words) && resolve();
      child.stderr.on('data', look);
      look();
    });
  return { child, ended, says };
}
