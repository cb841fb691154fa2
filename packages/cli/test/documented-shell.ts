import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const ignored = /(^|[\\/])(node_modules|dist|templates)([\\/]|$)/;

/** A program with its arguments, as a line of a shell has it; `nnm` also where the line says `npx nnm`. */
export interface ShellCommand {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Reads what the command before it writes. */
  readonly isPiped: boolean;
  /** Where its output goes, if not to the terminal. */
  readonly output?: { readonly file: string; readonly isAppended: boolean };
}

/** A line that a reader types, of a document. */
export interface ShellLine {
  readonly document: string;
  readonly line: number;
  /** Without comment. */
  readonly text: string;
  readonly commands: readonly ShellCommand[];
}

/** READMEs and guides, as paths from the repository's root: README.md first, then those of packages and examples. */
export const documents: readonly string[] = ['README.md', 'CONTRIBUTING.md'].concat(
  ['docs', 'packages', 'examples'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((file) => path.join(folder, file).replaceAll('\\', '/'))
      .filter((file) => file.endsWith('.md') && !ignored.test(file))
      .sort(),
  ),
);

/** What a reader of a document types into a shell. */
export function shellLinesOf(document: string): readonly ShellLine[] {
  return shellLines(readFileSync(path.join(root, document), 'utf8'), document);
}

/**
 * The shell lines of a Markdown text: all lines of blocks of `sh` and `bash`; those behind a prompt `$` in blocks of `console`; of blocks
 * without a language those that begin with a program which is known here. A `\` at its end continues a line.
 */
export function shellLines(text: string, document = ''): readonly ShellLine[] {
  return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].flatMap(({ 1: language = '', 2: block = '', index }) => {
    const is = {
      sh: /^(?:\$ )?(.+)$/,
      bash: /^(?:\$ )?(.+)$/,
      console: /^\$ (.+)$/,
      '': /^(?:\$ )?((?:[A-Z_]+=\S+ )*(?:nnm|npm|npx|node) .*)$/,
    }[language];
    if (is === undefined) return [];
    let line = text.slice(0, index).split('\n').length;
    return block.split(/(?<!\\)\n/).flatMap((whole): readonly ShellLine[] => {
      const at = line + 1;
      line += whole.split('\n').length;
      const typed = is.exec(whole.replaceAll(/\\\n\s*/g, '').trim())?.[1];
      const commands = typed === undefined ? [] : parseShell(typed);
      return commands.length === 0 ? [] : [{ document, line: at, text: (typed as string).replace(/\s+# .*$/, ''), commands }];
    });
  });
}

function parseShell(text: string): readonly ShellCommand[] {
  const tokens = text.match(/(?:[^\s"'#|&>]|"[^"]*"|'[^']*'|(?<=\S)#)+|&&|\||>>?|#.*$/g) ?? [];
  const commands: { words: string[]; env: Record<string, string>; isPiped: boolean; output?: NonNullable<ShellCommand['output']> }[] = [];
  let next = { words: [] as string[], env: {} as Record<string, string>, isPiped: false };
  const finish = (isPiped: boolean): void => {
    if (next.words.length > 0) commands.push(next);
    next = { words: [], env: {}, isPiped };
  };
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1] ?? '';
    const [, name, value = ''] = /^([A-Z_]+)=(.*)$/.exec(token) ?? [];
    if (token.startsWith('#')) break;
    if (token === '&&' || token === '|') finish(token === '|');
    else if (/^>>?$/.test(before)) Object.assign(next, { output: { file: unquoted(token), isAppended: before === '>>' } });
    else if (/^>>?$/.test(token)) continue;
    else if (name !== undefined && next.words.length === 0) next.env[name] = unquoted(value);
    else if (token !== 'npx' || next.words.length > 0) next.words.push(unquoted(token));
  }
  finish(false);
  return commands;
}

function unquoted(word: string): string {
  return word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2');
}
