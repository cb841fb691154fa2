import { InvalidFileError, type Problem } from '@nnm/core';
import { type FileSystem, readTextFile } from '@nnm/profiler';
import { type Document, isMap, isScalar, LineCounter, parseDocument, type Scalar } from 'yaml';

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

const SYNTAX_HINT = 'Correct the YAML syntax.';

/** Where the library speaks to programmers. */
const WORDING: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'a second document begins here; the file must be a single one',
  DUPLICATE_KEY: 'this key is there twice',
};

/** @param file - the name shown in errors */
function parseYaml(file: string, text: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true });
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ code, message, linePos }): Problem => {
      const line = linePos?.[0].line;
      return {
        ...(line !== undefined && { line }),
        message: WORDING[code] ?? (message.split('\n')[0] ?? message).replace(/ at line .*$/, ''),
      };
    });
    throw new InvalidFileError({ file, problems, hint: SYNTAX_HINT });
  }
  return { file, value: toPlainValue(file, document), lineOf: (path) => findLine(document, lines, path) };
}

/** Aliases are resolved here, not while parsing. */
function toPlainValue(file: string, document: Document): unknown {
  try {
    return document.toJS() ?? {};
  } catch (error) {
    throw new InvalidFileError({ file, problems: [{ message: (error as Error).message }], hint: SYNTAX_HINT }, { cause: error });
  }
}

function findLine(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const key of path) {
    if (!isMap(node)) break;
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
    if (pair === undefined) break;
    offset = (pair.key as Scalar).range?.[0] ?? offset;
    node = pair.value;
  }
  return offset === undefined ? undefined : lines.linePos(offset).line;
}

/** The part of a zod issue that becomes a {@link Problem}. */
interface SchemaIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Add keys and lines to the issues of a schema. */
export function locateProblems(yaml: YamlFile, issues: readonly SchemaIssue[]): readonly Problem[] {
  return issues.map(({ path, message }) => {
    const line = yaml.lineOf(path);
    return { ...(path.length > 0 && { key: path.join('.') }), ...(line !== undefined && { line }), message };
  });
}
