import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from '@oclif/core';
import { beforeAll, expect, it } from 'vitest';

// Every nnm command in README, guides and package READMEs is one that there is, with flags that it has and values that they take.

const root = fileURLToPath(new URL('../../..', import.meta.url));
const ignored = /(^|[\\/])(node_modules|dist|templates)([\\/]|$)/;
const documents = ['README.md', 'CONTRIBUTING.md'].concat(
  ['docs', 'packages', 'examples'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((file) => path.join(folder, file))
      .filter((file) => file.endsWith('.md') && !ignored.test(file)),
  ),
);

type Documented = Pick<Command.Loadable, 'id' | 'flags'>;

let commands: ReadonlyMap<string, Documented>;
beforeAll(() => {
  const script = fileURLToPath(new URL('../scripts/print-commands.ts', import.meta.url));
  const argv = ['--import', import.meta.resolve('tsx'), '--conditions=@nnm/source', script];
  const listed = JSON.parse(execFileSync(process.execPath, argv, { encoding: 'utf8' })) as readonly Documented[];
  commands = new Map(listed.map((command) => [command.id, command]));
});

/** Commands of oclif's own plugins. */
const OTHERS = new Set(['help', 'autocomplete', '--help', '--version']);

/** The command lines of a document that begin with `nnm`, as words; prompts, pipes, redirections and comments left out. */
function commandsIn(text: string): readonly (readonly string[])[] {
  const fenced = [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)];
  const blocks = fenced.flatMap(([, language = '', block = '']) =>
    /^(sh|bash|console)?$/.test(language) ? [block.replaceAll('\\\n', ' ')] : [],
  );
  return blocks.flatMap((block) =>
    block.split('\n').flatMap((line) => {
      const found = /^(?:\$ )?(?:[A-Z_]+=\S+ )*(?:npx )?nnm (.*)$/.exec(line.trim())?.[1];
      return found === undefined ? [] : [words(found)];
    }),
  );
}

function words(line: string): readonly string[] {
  const all = line.match(/"[^"]*"|'[^']*'|[^\s]+/g) ?? [];
  const end = all.findIndex((word) => /^(\||&&|;|#|>>?|then$|2>)/.test(word));
  return (end < 0 ? all : all.slice(0, end)).map((word) => word.replaceAll(/^["']|["']$/g, ''));
}

/** What is wrong with a command line. */
function problemsOf(argv: readonly string[], commands: ReadonlyMap<string, Documented>): readonly string[] {
  const [first = '', second = ''] = argv;
  if (OTHERS.has(first)) return [];
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
    return options === undefined || (value !== undefined && options.includes(value))
      ? []
      : [`${word} takes ${options.join(', ')}, not ${value}`];
  });
}

it('every command of the documents exists, with its flags and their values', () => {
  let checked = 0;
  const problems = documents.flatMap((document) =>
    commandsIn(readFileSync(path.join(root, document), 'utf8')).flatMap((argv) => {
      checked++;
      return problemsOf(argv, commands).map((problem) => `${document}: nnm ${argv.join(' ')}: ${problem}`);
    }),
  );
  expect(problems).toEqual([]);
  expect(checked).toBeGreaterThan(60);
});

it('finds a command, a flag and a value that there are not', () => {
  const text = '```console\n$ nnm biuld -w a\n$ nnm build --bugdet 3m\n$ nnm report --format pdf | cat --x\n```\n';
  expect(commandsIn(text).flatMap((argv) => problemsOf(argv, commands))).toEqual([
    'there is no command "nnm biuld"',
    'nnm build has no flag --bugdet',
    expect.stringMatching(/^--format takes html, .*, not pdf$/),
  ]);
});
