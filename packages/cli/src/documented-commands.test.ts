import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from '@oclif/core';
import { beforeAll, expect, it } from 'vitest';
import { loadCommands } from '../test/all-commands.ts';
import { documents, shellLines, shellLinesOf } from '../test/documented-shell.ts';
import { translateOriginal } from './program/original-names.ts';

// Every nnm command in README, guides and package READMEs, in blocks and within sentences, is one that there is, with flags that it has and
// values that they take.

const root = fileURLToPath(new URL('../../..', import.meta.url));

type Documented = Pick<Command.Loadable, 'id' | 'flags'>;

let commands: ReadonlyMap<string, Documented>;
beforeAll(async () => {
  commands = new Map((await loadCommands()).map((command) => [command.id, command as unknown as Documented]));
});

/** Commands of oclif's own plugins. */
const OTHERS = new Set(['help', '--help', '--version']);

const argvsOf = (lines: ReturnType<typeof shellLines>) =>
  lines.flatMap(({ commands }) => commands.flatMap(({ words: [program, ...argv] }) => (program === 'nnm' ? [argv] : [])));

/** Commands within sentences: `nnm kernels <kernel>`. */
const inlineArgvsOf = (document: string) => {
  const prose = readFileSync(path.join(root, document), 'utf8').replaceAll(/^```.*?^```$/gms, '');
  return [...prose.matchAll(/`(?:npx )?nnm ([a-z-][^`]*)`/g)].map(([, line = '']) => line.split(/\s+/));
};

/** What is wrong with a command line. */
function problemsOf(typed: readonly string[]): readonly string[] {
  const argv = translateOriginal(typed);
  const [first = '', second = ''] = argv;
  if (OTHERS.has(first)) return [];
  const isTopic = argv.length === 1 && [...commands.keys()].some((id) => id.startsWith(`${first}:`));
  if (isTopic) return [];
  const command = commands.get(`${first}:${second}`) ?? commands.get(first);
  if (command === undefined) return [`there is no command "nnm ${first}"`];
  const flags = Object.values(command.flags);
  return argv.flatMap((word, index) => {
    const [, dashes, name = '', given] = /^(--?)([a-z][a-z-]*)(?:=(.*))?$/i.exec(word) ?? [];
    if (dashes === undefined) return [];
    const flag = flags.find((one) =>
      dashes === '-' ? one.char === name[0] : one.name === name || (one.type === 'boolean' && one.allowNo && `no-${one.name}` === name),
    );
    if (flag === undefined) return name === 'help' ? [] : [`nnm ${command.id} has no flag ${word}`];
    const value = given ?? argv[index + 1];
    const options = flag.type === 'option' ? flag.options : undefined;
    return options === undefined || value === undefined || options.includes(value)
      ? []
      : [`${word} takes ${options.join(', ')}, not ${value}`];
  });
}

it('every command of the documents exists, with its flags and their values', () => {
  let checked = 0;
  const problems = documents.flatMap((document) =>
    [...argvsOf(shellLinesOf(document)), ...inlineArgvsOf(document)].flatMap((argv) => {
      checked++;
      return problemsOf(argv).map((problem) => `${document}: nnm ${argv.join(' ')}: ${problem}`);
    }),
  );
  expect(problems).toEqual([]);
  expect(checked).toBeGreaterThan(250);
});

it('finds a command, a flag and a value that there are not', () => {
  const text = '```console\n$ nnm biuld -w a\n$ nnm build --bugdet 3m\n$ nnm report --format pdf | cat --x\n```\n';
  expect(argvsOf(shellLines(text)).flatMap((argv) => problemsOf(argv))).toEqual([
    'there is no command "nnm biuld"',
    'nnm build has no flag --bugdet',
    expect.stringMatching(/^--format takes html, .*, not pdf$/),
  ]);
});

it('reads lines as a shell does', () => {
  const text =
    '```sh\nA=1 npx nnm x --y "b c" \\\n  -z  # said\ncd d && nnm z > f.json\nnnm q | nnm - >> "$S"\n```\n```console\n$ nnm x\nnnm y\n```\n';
  expect(shellLines(text).map(({ line, commands }) => [line, ...commands])).toEqual([
    [2, { words: ['nnm', 'x', '--y', 'b c', '-z'], env: { A: '1' }, isPiped: false }],
    [
      4,
      { words: ['cd', 'd'], env: {}, isPiped: false },
      { words: ['nnm', 'z'], env: {}, isPiped: false, output: { file: 'f.json', isAppended: false } },
    ],
    [
      5,
      { words: ['nnm', 'q'], env: {}, isPiped: false },
      { words: ['nnm', '-'], env: {}, isPiped: true, output: { file: '$S', isAppended: true } },
    ],
    [8, { words: ['nnm', 'x'], env: {}, isPiped: false }],
  ]);
});
