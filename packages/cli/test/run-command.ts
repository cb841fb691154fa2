import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Command, Config } from '@oclif/core';
import { captureOutput } from '@oclif/test';
// It keeps the folder in which it was first imported, which must not be one that a test removes.
import 'esbuild';

/** What a command wrote and how it ended. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  /** stdout as JSON. */
  json(): unknown;
}

/** A command of the program. */
export type CommandClass = (new (argv: string[], config: Config) => Command) & Pick<typeof Command, 'run'>;

const root = fileURLToPath(new URL('..', import.meta.url));

let last: Promise<unknown> = Promise.resolve();

/** Run a command class in this process as the program would, in the folder `cwd`; one after the other, for a process has one such folder. */
export function runCommand(command: CommandClass, argv: readonly string[], cwd: string): Promise<Outcome> {
  const running = last.then(() => runNow(command, argv, cwd));
  // Whoever runs the command is told of its error; the next one runs all the same.
  last = running.catch(() => undefined);
  return running;
}

async function runNow(command: CommandClass, argv: readonly string[], cwd: string): Promise<Outcome> {
  const before = process.cwd();
  process.chdir(cwd);
  process.exitCode = undefined;
  try {
    const config = await loadConfig();
    const { stdout, stderr, error } = await captureOutput(() => command.run([...argv], config), {
      stripAnsi: false,
      testNodeEnv: 'production',
    });
    const thrown = (error as { oclif?: { exit?: number } } | undefined)?.oclif?.exit;
    const exitCode = thrown ?? Number(process.exitCode ?? (error === undefined ? 0 : 1));
    return { stdout, stderr, exitCode, json: () => JSON.parse(stdout) };
  } finally {
    process.exitCode = undefined;
    process.chdir(before);
  }
}

/** The program's own settings without its commands and plugins: the command is given, not looked up. */
async function loadConfig(): Promise<Config> {
  const { oclif, ...manifest } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const { commands: _commands, plugins: _plugins, ...rest } = oclif;
  const config = new Config({ root, ignoreManifest: true, pjson: { ...manifest, oclif: rest } });
  await config.load();
  return config;
}
