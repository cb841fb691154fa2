import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// The program itself, from its sources, as a shell would start it.
export const program = fileURLToPath(new URL('../bin/dev.js', import.meta.url));
export const tsx = import.meta.resolve('tsx');

/** Start the program; `ended` is what it has said when it is over. */
export function start(argv: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}) {
  const { NO_COLOR: _, FORCE_COLOR: __, DEBUG: ___, NODE_ENV: ____, ...inherited } = process.env;
  const child = spawn(process.execPath, ['--import', tsx, '--conditions=@nnm/source', program, ...argv], {
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
