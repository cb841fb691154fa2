import { appendFile, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { loadCommands, type NnmCommandEntry } from '../test/all-commands.ts';
import { documents, type ShellCommand, type ShellLine, shellLinesOf } from '../test/documented-shell.ts';
import { smallNetwork, tfliteFile } from '../test/network-files.ts';
import { type Outcome, runCommand } from '../test/run-command.ts';
import { makeTempProject, type TempProject } from '../test/temp-project.ts';

// Everything that README and guides tell a reader to type is typed here, document by document, each in a folder of its own. The device is
// a formula and the numbers of samples are small; all else is as a reader has it.

vi.mock('./open-in-browser.ts', () => ({ openInBrowser: async () => undefined }));

const quick = fileURLToPath(new URL('../test/documented-backends.mjs', import.meta.url));
const FEW = { NNM_INIT_SAMPLE_NUM: '12', NNM_HOLDOUT_SAMPLE_NUM: '8', NNM_FINEGRAINED_SAMPLE_NUM: '1', NNM_ITERATION: '2' };

/** What is not typed as it stands, and why. */
interface Exception {
  readonly is: RegExp;
  readonly why: string;
  /** What is typed instead; absent where nothing is. */
  readonly instead?: string;
}

const EXCEPTIONS: readonly Exception[] = [
  { is: /^npm install /, why: 'needs packages in the registry of npm; tests/plain-install.test.ts installs from one of its own' },
  { is: /^npm (test|run (?!build)|install && )/, why: 'is run by CI, or in a package that tests/installed.test.ts makes the same way' },
];

/** What a document takes for granted. */
const GIVEN: Readonly<Record<string, (project: TempProject) => Promise<void>>> = {};

let commands: readonly NnmCommandEntry[];
beforeAll(async () => {
  commands = await loadCommands();
});
beforeEach(() => {
  for (const [name, value] of Object.entries(FEW)) vi.stubEnv(name, value);
});
afterEach(() => vi.unstubAllEnvs());

async function type({ words: [program, ...argv], env }: ShellCommand, cwd: string): Promise<Outcome> {
  if (program !== 'nnm') throw new Error(`no test runs ${program}`);
  const command = [2, 1].flatMap((count) => commands.find(({ id }) => id === argv.slice(0, count).join(':')) ?? [])[0];
  if (command === undefined) throw new Error(`there is no command nnm ${argv.join(' ')}`);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  return runCommand(command.load, argv.slice(command.id.split(':').length), cwd);
}

const documented = documents.map((document) => [document, shellLinesOf(document)] as const).filter(([, lines]) => lines.length > 0);

it.each(documented)('what %s says to type does what it says', async (document, lines) => {
  const timings = process.env.DOCUMENTED_TIMES;
  await using project = await makeTempProject({ 'package.json': { private: true }, 'nnm.config.json': { plugins: [quick] } });
  vi.stubEnv('NNM_HOME', project.path('home'));
  vi.stubEnv('GITHUB_STEP_SUMMARY', project.path('summary.md'));
  await GIVEN[document]?.(project);
  let folder = project.folder;
  for (const { line, text, commands } of lines) {
    for (const command of commands) {
      const before = process.cpuUsage();
      const { exitCode, stdout, stderr } = await type(command, folder).catch((e: Error) => ({ exitCode: 99, stdout: '', stderr: e.message }));
      const { user, system } = process.cpuUsage(before);
      if (timings !== undefined) await appendFile(timings, `${document}:${line} [${exitCode}] ${Math.round((user + system) / 1000)} ms  ${text}\n${exitCode ? stdout + stderr : ''}\n`);
    }
  }
});
