import { InvalidFileError, NnmError, type Problem } from '@nnm/core';
import { type FileSystem, readTextFile } from '@nnm/profiler';
import { type Document, isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument, type Scalar, type YAMLMap } from 'yaml';

/** A parsed YAML file that knows the line of every key. */
export interface YamlFile {
  readonly file: string;
  /** The plain value; `{}` for an empty file. */
  readonly value: unknown;
  /** 1-based line of the key at the end of a path of keys, or of its nearest parent. */
  lineOf(path: readonly PropertyKey[]): number | undefined;
}

/**
 * Read a YAML file.
 *
 * @throws {@link InvalidFileError} with every syntax error and its line, {@link FileAccessError}
 */
export async function readYamlFile(file: string, files?: FileSystem): Promise<YamlFile> {
  return parseYaml(file, await readTextFile(file, files));
}

const DEEPEST = 200;
const TOO_DEEP = 'its values are nested too deeply';
const SYNTAX_HINT = 'Correct the YAML syntax.';

/** Where the library speaks to programmers. */
const WORDING: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'a second document begins here; the file must be a single one',
};

/**
 * Parse the text of a YAML file.
 *
 * @param file - the name shown in errors
 * @throws {@link InvalidFileError} with every syntax error and its line
 */
export function parseYaml(file: string, text: string): YamlFile {
  const lines = new LineCounter();
  if (isDeep(text)) throw new InvalidFileError({ file, problems: [{ message: TOO_DEEP }], hint: SYNTAX_HINT });
  // The library compares every key with all before it.
  const document = shallow(file, () => parseDocument(text, { lineCounter: lines, prettyErrors: true, uniqueKeys: false }));
  const syntax = document.errors.map(({ code, message, linePos }): Problem => {
    const line = linePos?.[0].line;
    return {
      ...(line !== undefined && { line }),
      message: WORDING[code] ?? (message.split('\n')[0] ?? message).replace(/ at line .*$/, ''),
    };
  });
  const keys = new KeyIndex();
  const problems = syntax.length > 0 ? syntax : shallow(file, () => repeatedKeys(document.contents, keys, lines));
  if (problems.length > 0) throw new InvalidFileError({ file, problems, hint: SYNTAX_HINT });
  return { file, value: toPlainValue(file, document), lineOf: (path) => findLine(document, keys, lines, path) };
}

/**
 * True when values are nested more deeply than any file of nnm's has a use for. Asked before parsing: the parser calls itself at each level,
 * and at the end of the stack Node may not only throw but die. Brackets in quoted text count too, which no such file comes near.
 */
function isDeep(text: string): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(/[[\]{}]/g)) {
    depth = token === '[' || token === '{' ? depth + 1 : Math.max(0, depth - 1);
    if (depth > DEEPEST) return true;
  }
  return text.split('\n').some((line) => (/^[\s?:-]*/.exec(line)?.[0].length ?? 0) > 4 * DEEPEST);
}

/** Walk through a document; one that is nested too deeply for that is a problem of the file. */
function shallow<T>(file: string, walk: () => T): T {
  try {
    return walk();
  } catch (cause) {
    if (NnmError.isInstance(cause)) throw cause;
    const message = cause instanceof RangeError ? TOO_DEEP : (cause as Error).message;
    throw new InvalidFileError({ file, problems: [{ message }], hint: SYNTAX_HINT }, { cause });
  }
}

/** Aliases are resolved here, not while parsing. */
function toPlainValue(file: string, document: Document): unknown {
  return shallow(file, () => document.toJS() ?? {});
}

/** The pairs of every map by their keys, so that finding one does not take longer in a larger map. */
class KeyIndex {
  private readonly maps = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

  pairsOf(map: YAMLMap): ReadonlyMap<string, Pair> {
    const known = this.maps.get(map);
    if (known !== undefined) return known;
    const pairs = new Map<string, Pair>();
    for (const pair of map.items) {
      const key = keyOf(pair);
      if (key !== undefined && !pairs.has(key)) pairs.set(key, pair);
    }
    this.maps.set(map, pairs);
    return pairs;
  }
}

function keyOf({ key }: Pair): string | undefined {
  return isScalar(key) ? String(key.value) : undefined;
}

function lineOfPair({ key }: Pair, lines: LineCounter): number | undefined {
  const offset = (key as Scalar).range?.[0];
  return offset === undefined ? undefined : lines.linePos(offset).line;
}

/** Keys that a map has more than once: which of their values would count is nothing to guess. */
function repeatedKeys(node: unknown, keys: KeyIndex, lines: LineCounter): readonly Problem[] {
  if (isSeq(node)) return node.items.flatMap((item) => repeatedKeys(item, keys, lines));
  if (!isMap(node)) return [];
  const pairs = keys.pairsOf(node);
  return node.items.flatMap((pair) => {
    const key = keyOf(pair);
    const within = repeatedKeys(pair.value, keys, lines);
    if (key === undefined || key === '<<' || pairs.get(key) === pair) return within;
    const line = lineOfPair(pair, lines);
    return [{ key, ...(line !== undefined && { line }), message: 'this key is there twice' }, ...within];
  });
}

function findLine(document: Document, keys: KeyIndex, lines: LineCounter, path: readonly PropertyKey[]): number | undefined {
  let node: unknown = document.contents;
  let line: number | undefined;
  for (const key of path) {
    if (!isMap(node)) break;
    const pair = keys.pairsOf(node).get(String(key));
    if (pair === undefined) break;
    line = lineOfPair(pair, lines) ?? line;
    node = pair.value;
  }
  return line;
}

/** The part of a zod issue that becomes a {@link Problem}. */
interface SchemaIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Add keys and lines to the issues of a schema; of what a variable says in place of the file, the variable. */
export function locateProblems(
  yaml: YamlFile & { readonly overrides?: readonly { readonly variable: string; readonly path: readonly string[] }[] },
  issues: readonly SchemaIssue[],
): readonly Problem[] {
  return issues.map(({ path, message }) => {
    const override = yaml.overrides?.find((one) => one.path.every((key, index) => key === path[index]));
    if (override !== undefined)
      return { key: path.join('.'), message: `${message} (the environment variable ${override.variable} says so)` };
    const line = yaml.lineOf(path);
    return { ...(path.length > 0 && { key: path.join('.') }), ...(line !== undefined && { line }), message };
  });
}
