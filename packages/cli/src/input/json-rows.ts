import { readTextFile } from '@nnm/builder';
import { type AnyKernel, InvalidFileError } from '@nnm/core';
import type { InputRow, InputRows } from './input-row.ts';
import { readLines } from './text-lines.ts';

/**
 * The configurations of a JSON file: one, a list of them, or a config file of a workspace. A configuration may also stand at the key
 * `config`, with the user's own fields beside it.
 *
 * @throws core's `InvalidFileError` when it is not JSON, `FileAccessError`
 */
export async function openJson(file: string, kernel: AnyKernel): Promise<InputRows> {
  const text = await readTextFile(file);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    const hint = 'Files ending in .csv or .tsv are read as tables, .jsonl as JSON Lines, all others as JSON.';
    throw new InvalidFileError({ file, problems: [{ message: `it is not JSON: ${(cause as Error).message}` }], hint }, { cause });
  }
  return { rows: rowsOf(json, kernel) };
}

async function* rowsOf(json: unknown, kernel: AnyKernel): AsyncGenerator<InputRow> {
  const entries = isObject(json) ? json[kernel.type] : undefined;
  if (Array.isArray(json)) for (const [index, value] of json.entries()) yield { ...splitRow(value), key: `[${index}]` };
  else if (!isObject(entries)) yield splitRow(json);
  // A config file of a workspace: { "<kernel>": { "<id>": { "config": { … } } } }
  else for (const [id, entry] of Object.entries(entries)) yield { config: isObject(entry) ? entry.config : undefined, own: {}, key: id };
}

/** The configurations of a JSON Lines file; a line that is no JSON is wrong on its own. */
export async function openJsonLines(file: string, kernel: AnyKernel, onBytes: (read: number) => void): Promise<InputRows> {
  return { rows: linesOf(file, Object.keys(kernel.configSpace), onBytes) };
}

async function* linesOf(file: string, keys: readonly string[], onBytes: (read: number) => void): AsyncGenerator<InputRow> {
  for await (const { text, line } of readLines(file, onBytes)) {
    if (text.trim() === '') continue;
    const value = parseLine(text);
    const twice = typeof value === 'string' ? undefined : repeatedKey(text, keys);
    yield { ...splitRow(value), line, ...(twice !== undefined && { problem: `${twice} is there twice` }) };
  }
}

/** What the line holds, or the line itself when it is not JSON, so that an error can show it. */
function parseLine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** JSON lets the last of two equal keys win, without a word. */
function repeatedKey(text: string, keys: readonly string[]): string | undefined {
  const found = [...text.matchAll(/"((?:[^"\\]|\\.)*)"\s*:/g)].map(([, key]) => key);
  return keys.find((key) => found.indexOf(key) !== found.lastIndexOf(key));
}

function splitRow(value: unknown): Pick<InputRow, 'config' | 'own'> {
  if (!isObject(value) || !isObject(value.config)) return { config: value, own: {} };
  const { config, ...own } = value;
  return { config, own };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
