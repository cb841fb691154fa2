import { type AnyKernel, InvalidFileError } from '@nnm/core';
import { repeatedKey } from '@nnm/profiler';
import { FORMAT_HINT } from './input-format.ts';
import { type InputRow, type InputRows, readNumber } from './input-row.ts';
import { keyReader } from './key-names.ts';
import type { TextLine } from './text-lines.ts';

type KeyReader = ReturnType<typeof keyReader>;
type Row = Pick<InputRow, 'config' | 'own' | 'problem'>;

/**
 * The configurations of a JSON file: one, a list of them, or a config file of a workspace. A configuration may also stand at the key
 * `config`. What is no key of the kernel is the user's own, as a column of a CSV file is.
 *
 * @throws core's `InvalidFileError` when it is not JSON, or names something twice
 */
export function readJson(file: string, text: string, kernel: AnyKernel): InputRows {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new InvalidFileError(
      { file, problems: [{ message: `it is not JSON: ${(cause as Error).message}` }], hint: FORMAT_HINT },
      { cause },
    );
  }
  const twice = repeatedKey(text);
  if (twice !== undefined) throw new InvalidFileError({ file, problems: [{ message: `${twice.join('.')} is there twice` }] });
  return { rows: rowsOf(json, kernel) };
}

async function* rowsOf(json: unknown, kernel: AnyKernel): AsyncGenerator<InputRow> {
  const keyOf = keyReader(Object.keys(kernel.configSpace));
  const entries = isObject(json) ? json[kernel.type] : undefined;
  if (Array.isArray(json)) for (const [index, value] of json.entries()) yield { ...splitRow(value, keyOf), key: `[${index}]` };
  else if (!isObject(entries)) yield splitRow(json, keyOf);
  // A config file of a workspace: { "<kernel>": { "<id>": { "config": { … } } } }
  else
    for (const [id, entry] of Object.entries(entries)) yield { ...splitConfig(isObject(entry) ? entry.config : undefined, keyOf), key: id };
}

/** The configurations of a JSON Lines file; a line that is no JSON is wrong on its own. */
export function readJsonLines(lines: AsyncIterable<TextLine>, kernel: AnyKernel): InputRows {
  return { rows: linesOf(lines, Object.keys(kernel.configSpace)) };
}

async function* linesOf(lines: AsyncIterable<TextLine>, keys: readonly string[]): AsyncGenerator<InputRow> {
  const keyOf = keyReader(keys);
  for await (const { text, line } of lines) {
    if (text.trim() === '') continue;
    const value = parseLine(text);
    const twice = typeof value === 'string' ? undefined : repeatedKey(text);
    yield { ...splitRow(value, keyOf), line, ...(twice !== undefined && { problem: `${twice.join('.')} is there twice` }) };
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

/** A configuration as texts, such as those of a command line, by the rule of files: what is no key of the kernel is the user's own. */
export function readTexts(entries: Readonly<Record<string, string>>, kernel: AnyKernel): Row {
  const { config, ...rest } = splitConfig(entries, keyReader(Object.keys(kernel.configSpace)));
  const read = Object.entries(config as Readonly<Record<string, string>>).map(([key, text]) => [key, readNumber(text)]);
  return { ...rest, config: Object.fromEntries(read) };
}

function splitRow(value: unknown, keyOf: KeyReader): Row {
  if (!isObject(value) || !isObject(value.config)) return splitConfig(value, keyOf);
  const { config, ...beside } = value;
  const { own, ...rest } = splitConfig(config, keyOf);
  const within = Object.entries(own).map(([name, one]) => [Object.hasOwn(beside, name) ? `config.${name}` : name, one]);
  return { ...rest, own: { ...beside, ...Object.fromEntries(within) } };
}

/** The kernel's keys are the configuration, all others the user's own. */
function splitConfig(value: unknown, keyOf: KeyReader): Row {
  if (!isObject(value)) return { config: value, own: {} };
  const named = Object.entries(value).map(([name, one]) => ({ name, one, key: keyOf(name) }));
  const names = (key: string): readonly string[] => named.filter((entry) => entry.key === key).map(({ name }) => name);
  const twice = named.map(({ key }) => key).find((key) => key !== undefined && names(key).length > 1);
  return {
    config: Object.fromEntries(named.flatMap(({ key, one }) => (key === undefined ? [] : [[key, one]]))),
    own: Object.fromEntries(named.flatMap(({ name, key, one }) => (key === undefined ? [[name, one]] : []))),
    ...(twice !== undefined && { problem: `more than one key is ${twice}: ${names(twice).join(', ')}` }),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
